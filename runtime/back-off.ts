/**
 * Exponential back-off with full jitter (Brooker, "Exponential Backoff And Jitter", 2015): a wait anywhere between
 * nothing and the cap, so that 400 facilities that lost the hub together do not come back together.
 *
 * @param failures how many in a row, 1 for the first
 * @param random   uniform in [0, 1)
 */
export function backOffMs(failures: number, limits: { firstMs: number; mostMs: number }, random: () => number): number {
  const capMs = Math.min(limits.mostMs, limits.firstMs * 2 ** Math.min(failures - 1, 30))
  return Math.round(capMs * random())
}

/** setTimeout takes 31 bits of milliseconds, 24 days; what is longer it would not wait for at all. */
const MOST_MS = 2 ** 31 - 1

/** Waits, for 24 days at the most; returns early, without an error, when the signal aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, Math.min(ms, MOST_MS))
    signal.addEventListener('abort', done, { once: true })
  })
}
