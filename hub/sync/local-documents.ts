import type { CouchAnswer, SyncCaller } from './couch-call'

/**
 * Checkpoints. `_local` documents skip validators, so the namespace is the wall here: whatever id a node names, it is
 * looked up behind the node's own name, and the node never sees that.
 */
export async function getCheckpoint(caller: SyncCaller, id: string): Promise<CouchAnswer> {
  const answer = await caller.ask('GET', pathOf(caller, id))
  return answer.status === 200 ? { status: 200, body: { ...asObject(answer.body), _id: `_local/${id}` } } : answer
}

export async function putCheckpoint(caller: SyncCaller, id: string, document: object): Promise<CouchAnswer> {
  const answer = await caller.ask('PUT', pathOf(caller, id), { ...document, _id: `_local/${caller.nodeName}:${id}` })
  return answer.status < 300 ? { ...answer, body: { ...asObject(answer.body), id: `_local/${id}` } } : answer
}

function pathOf(caller: SyncCaller, id: string): string {
  return `/ehr/_local/${encodeURIComponent(`${caller.nodeName}:${id}`)}`
}

function asObject(body: unknown): object {
  return typeof body === 'object' && body !== null ? body : {}
}
