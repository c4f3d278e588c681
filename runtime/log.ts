import { type Logger, pino } from 'pino'

export type Log = Logger

/**
 * One logger a subsystem. `warn`: it will be retried. `error`: a person must act. Ids of patients and names never go
 * into a line (law 10); MRNs in access logs pass through `maskMrns`.
 */
export function createLog(program: 'hub' | 'edge' | 'store', level: string): Log {
  return pino(
    { name: program, level, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ fd: 2, sync: true }),
  )
}

/** Anything with seven digits in a row: `/fhir/Patient/10100000042` becomes `/fhir/Patient/***`. */
export function maskMrns(text: string): string {
  return text.replace(/[A-Z0-9]*[0-9]{7,}/g, '***')
}
