/**
 * How far the hub has everything, kept at both ends in the form of CouchDB's replicator
 * (https://docs.couchdb.org/en/stable/replication/protocol.html#replication-log): a session is one life of an edge
 * process, and its entry is moved along as batches are acknowledged.
 */
export interface Checkpoint {
  session_id: string
  source_last_seq: number
  history: { session_id: string; recorded_seq: number }[]
}

/** More sessions than this are not looked back through; older ones only mean that more is compared. */
const HISTORY_LENGTH = 50

/**
 * Where to go on: the furthest sequence that both ends recorded in the same session, 0 where there is none (R3).
 *
 * An end that was restored from a backup has an older entry of a session that the other end also has, so the smaller number is
 * what both had at that time:
 *
 *     edge: s9 → 700, s8 → 500      hub (restored): s9 → 620, s8 → 500      go on at 620
 */
export function commonSequence(edge: Checkpoint | undefined, hub: Checkpoint | undefined): number {
  for (const entry of edge?.history ?? []) {
    const twin = hub?.history.find((other) => other.session_id === entry.session_id)
    if (twin) return Math.min(entry.recorded_seq, twin.recorded_seq)
  }
  return 0
}

/**
 * Whether another machine has pushed in this node's name after this session did (R18). An older session at the top is not
 * that: the hub was restored then, and this session is not in its history.
 */
export function isContested(hub: Checkpoint | undefined, sessionId: string): boolean {
  return hub !== undefined && hub.history.findIndex((entry) => entry.session_id === sessionId) > 0
}

/** The checkpoint that follows `previous` in this session. */
export function movedTo(previous: Checkpoint | undefined, sessionId: string, seq: number): Checkpoint {
  const earlier = (previous?.history ?? []).filter((entry) => entry.session_id !== sessionId)
  return {
    session_id: sessionId,
    source_last_seq: seq,
    history: [{ session_id: sessionId, recorded_seq: seq }, ...earlier].slice(0, HISTORY_LENGTH),
  }
}

/** What an end answered, or undefined where it is not a checkpoint: then everything is compared, and nothing is lost. */
export function checkpointOf(body: unknown): Checkpoint | undefined {
  if (typeof body !== 'object' || body === null || !('history' in body) || !Array.isArray(body.history))
    return undefined
  const history = body.history.filter(isEntry)
  const newest = history[0]
  return newest && { session_id: newest.session_id, source_last_seq: newest.recorded_seq, history }
}

function isEntry(entry: unknown): entry is Checkpoint['history'][number] {
  return (
    typeof entry === 'object' &&
    entry !== null &&
    'session_id' in entry &&
    typeof entry.session_id === 'string' &&
    'recorded_seq' in entry &&
    typeof entry.recorded_seq === 'number'
  )
}
