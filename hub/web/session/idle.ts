/** Before the session ends by itself, somebody who only reads is told so. */
const WARN_MS = 120_000

/**
 * The pages ask the hub again and again by themselves, so for the hub a session is never idle: here it ends by what a person
 * does.
 *
 * @param quietMs  since somebody last touched a key or moved the mouse, in any window
 * @param wholeMs  how long a session lasts with nobody there
 */
export function idleStateOf(
  quietMs: number,
  wholeMs: number,
): { kind: 'working' } | { kind: 'warned'; seconds: number } | { kind: 'over' } {
  const leftMs = wholeMs - quietMs
  if (leftMs <= 0) return { kind: 'over' }
  return leftMs <= Math.min(WARN_MS, wholeMs / 2)
    ? { kind: 'warned', seconds: Math.ceil(leftMs / 1_000) }
    : { kind: 'working' }
}
