import type { LocalDocument } from '../../schemas/generated/types'
import type { CouchAnswer, SyncCaller } from './couch-call'

/**
 * Checkpoints. `_local` documents skip validators, so the namespace is the wall here: whatever id a node names, it is
 * looked up behind the node's own name, and the node never sees that.
 */
export async function getCheckpoint(caller: SyncCaller, id: string): Promise<CouchAnswer> {
  const answer = await caller.ask('GET', pathOf(caller, id))
  return answer.status === 200 ? { status: 200, body: { ...asObject(answer.body), _id: `_local/${id}` } } : answer
}

/**
 * CouchDB takes any revision for a `_local` document. Here a stale one is a conflict: so a node learns that the hub was
 * restored from an older copy, or that another machine pushes in its name.
 */
export async function putCheckpoint(caller: SyncCaller, id: string, document: LocalDocument): Promise<CouchAnswer> {
  const before = await caller.ask('GET', pathOf(caller, id))
  if (before.status !== 200 && before.status !== 404) return before
  const rev = before.status === 200 && '_rev' in asObject(before.body) ? (before.body as LocalDocument)._rev : undefined
  if (rev !== document._rev) {
    return { status: 409, body: { error: 'conflict', reason: 'The checkpoint has another revision.' } }
  }
  const answer = await caller.ask('PUT', pathOf(caller, id), { ...document, _id: `_local/${caller.nodeName}:${id}` })
  return answer.status < 300 ? { ...answer, body: { ...asObject(answer.body), id: `_local/${id}` } } : answer
}

function pathOf(caller: SyncCaller, id: string): string {
  return `/ehr/_local/${encodeURIComponent(`${caller.nodeName}:${id}`)}`
}

function asObject(body: unknown): object {
  return typeof body === 'object' && body !== null ? body : {}
}
