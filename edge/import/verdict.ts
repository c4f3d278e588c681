import { ERROR_CODES, type ErrorBody, type ErrorCode } from '../../protocol/error-codes'
import type { FetchOutcome } from './fetch-record'

/** What a request that brought no record means for its ticket, and for the others. */
export type Verdict =
  /** It will not be otherwise for this request. */
  | { kind: 'failed'; error: ErrorBody }
  /** This ticket waits; others go on. */
  | { kind: 'ticket-waits'; error: ErrorBody; retryAfterMs?: number }
  /** Nothing can be imported now. */
  | { kind: 'all-wait'; error: ErrorBody; retryAfterMs?: number; because: 'link' | 'access' }

/** So long an import waits for a patient whom the hub doesn't know: his facility may have a bad link too. */
export const UNKNOWN_PATIENT_HOURS = 24
/** A key may have been changed just now, and the new one is on its way; so often it is not. */
export const MOST_SIGNATURE_REFUSALS = 3

/**
 * @param waitedMs since the import was asked for
 * @param signatureRefusals how often in a row this very key was refused, with this time
 */
export function verdictOn(
  outcome: Exclude<FetchOutcome, { kind: 'answer' }>,
  waitedMs: number,
  signatureRefusals: number,
): Verdict {
  const later = outcome.retryAfterMs === undefined ? {} : { retryAfterMs: outcome.retryAfterMs }
  if (outcome.kind === 'unreachable') {
    return { kind: 'all-wait', because: 'link', error: { error: 'HUB_UNREACHABLE', reason: outcome.reason }, ...later }
  }
  const error = { error: outcome.code, reason: outcome.reason }
  if (outcome.code === 'PATIENT_UNKNOWN') {
    return waitedMs < UNKNOWN_PATIENT_HOURS * 3_600_000
      ? { kind: 'ticket-waits', error, ...later }
      : { kind: 'failed', error }
  }
  if (outcome.code === 'SIGNATURE_INVALID' && signatureRefusals >= MOST_SIGNATURE_REFUSALS) {
    return { kind: 'failed', error }
  }
  if (OF_ACCESS.has(outcome.code)) return { kind: 'all-wait', because: 'access', error, ...later }
  // A new nonce is all that a replay needs, and each try has one. A fault may be of this record alone.
  if (outcome.code === 'REPLAY' || outcome.code === 'INTERNAL') return { kind: 'ticket-waits', error, ...later }
  return ERROR_CODES[outcome.code].retry
    ? { kind: 'all-wait', because: 'link', error, ...later }
    : { kind: 'failed', error }
}

/** What the operator decides, or a new configuration cures. */
const OF_ACCESS: ReadonlySet<ErrorCode> = new Set(['SIGNATURE_INVALID', 'NODE_SUSPENDED', 'DATA_ACCESS_REQUIRED'])
