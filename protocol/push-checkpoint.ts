/**
 * `_local/<this>`: the edge's checkpoint at the hub, in the node's own namespace. The session that it names first is the
 * current one: only that one's batches are taken (headers.ts, SESSION).
 */
export const PUSH_CHECKPOINT = 'lontar-push'

/** The session that a checkpoint names first; undefined for what is no checkpoint. */
export function currentSession(checkpoint: unknown): string | undefined {
  const history = memberOf(checkpoint, 'history')
  const session = memberOf(Array.isArray(history) ? history[0] : undefined, 'session_id')
  return typeof session === 'string' ? session : undefined
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}
