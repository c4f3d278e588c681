import { codedErrorOf } from './coded-error-of'
import { CodedError } from './error-codes'
import { FHIR_JSON } from './import-bundle'
import { operationOutcomeOf } from './operation-outcome'

/** The answer to a request that failed (contract, section 7). */
export interface RefusalAnswer {
  status: number
  body: unknown
  contentType: string
  headers: Record<string, string>
  /** A bug: it is logged under `faultId`, which is all that the caller learns of it. */
  fault?: unknown
  faultId?: string
  /** What the failure was caused by where it lies with another program, which the caller does not learn. */
  lack?: unknown
}

/** What a caller who is told to come back later waits, where nobody knows better. */
const RETRY_AFTER_SECONDS = '5'

/** The one translator of errors to HTTP. Under `/fhir` an error is an OperationOutcome. */
export function refusalOf(error: unknown, path: string, newId: () => string): RefusalAnswer {
  const known = codedErrorOf(error)
  const faultId = known ? undefined : newId()
  const coded = known ?? new CodedError('INTERNAL', `A fault of ours; it is ${faultId} in the log.`)
  const isFhir = path === '/fhir' || path.startsWith('/fhir/')
  return {
    status: coded.status,
    body: isFhir ? operationOutcomeOf(coded, coded.problems) : coded.body,
    contentType: isFhir ? FHIR_JSON : 'application/json; charset=utf-8',
    headers: { ...headersFor(coded.status), ...coded.headers },
    ...(faultId !== undefined && { fault: error, faultId }),
    ...(known && known.status >= 500 && known.cause !== undefined && { lack: known.cause }),
  }
}

/** RFC 9110, sections 11.6.1 and 10.2.3. */
function headersFor(status: number): Record<string, string> {
  if (status === 401) return { 'WWW-Authenticate': 'Basic realm="lontar", charset="UTF-8"' }
  return status === 429 || status === 503 ? { 'Retry-After': RETRY_AFTER_SECONDS } : {}
}
