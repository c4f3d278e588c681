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

/**
 * Anything with seven digits in a row, and the rest of that part of the path: `/fhir/Patient/10100000042` becomes
 * `/fhir/Patient/***`. Letters and digits may have come percent-encoded, however often.
 */
export function maskMrns(path: string): string {
  return withPlainCharacters(path).replace(/[A-Z0-9]*[0-9]{7,}[^/]*/g, '***')
}

function withPlainCharacters(text: string): string {
  const plain = text.replace(/%(25|3[0-9]|[46][1-9a-f]|[57][0-9a])/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return plain === text ? text : withPlainCharacters(plain)
}
