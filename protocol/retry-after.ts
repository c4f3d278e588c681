import { parseHttpDate } from './http-date'

/** What is not the hub can send this header too, and the hub can send it again: nobody keeps an edge away for longer. */
export const MOST_RETRY_AFTER_MS = 15 * 60_000

/** How long a `Retry-After` asks to wait (RFC 9110, section 10.2.3: seconds, or a date), as far as it is obeyed; undefined for none. */
export function retryAfterMsOf(header: unknown, nowMs: number): number | undefined {
  if (typeof header !== 'string') return undefined
  const ms = /^[0-9]+$/.test(header) ? Number(header) * 1_000 : (parseHttpDate(header) ?? Number.NaN) - nowMs
  return ms > 0 ? Math.min(ms, MOST_RETRY_AFTER_MS) : undefined
}
