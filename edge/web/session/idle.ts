/** Before the session ends by itself, somebody who only reads is told so. */
const WARN_SECONDS = 120
/** While somebody works, the edge hears of it so often. */
export const TELL_EVERY_MS = 45_000

/** @param wholeSeconds  how long a session lasts with nobody at the keyboard */
export function idleStateOf(
  secondsLeft: number,
  wholeSeconds: number,
): { kind: 'working' } | { kind: 'warned'; seconds: number } | { kind: 'over' } {
  if (secondsLeft <= 0) return { kind: 'over' }
  const warnSeconds = Math.min(WARN_SECONDS, wholeSeconds / 2)
  return secondsLeft <= warnSeconds ? { kind: 'warned', seconds: Math.ceil(secondsLeft) } : { kind: 'working' }
}
