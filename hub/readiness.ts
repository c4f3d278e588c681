import { CodedError } from '../protocol/error-codes'
import { pause } from '../runtime/back-off'

/** Whoever asks whether a process is ready waits a few seconds, and a database that hangs is not ready. */
export const ANSWER_MS = 3_000

/** Returns once the database has answered; throws where it does not, or not in time. */
export async function checkReady(ask: () => Promise<unknown>, withinMs = ANSWER_MS): Promise<void> {
  const answered = new AbortController()
  const late = pause(withinMs, answered.signal).then(() => {
    throw new CodedError('DATABASE_UNAVAILABLE', 'The database does not answer in time.')
  })
  try {
    await Promise.race([ask(), late])
  } finally {
    answered.abort()
  }
}
