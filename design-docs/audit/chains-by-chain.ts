import type { CouchDocument } from '../couch'

declare function emit(key: (string | number)[], value: number): void

/**
 * Every document of the database, chain by chain in the order of its numbers; what has no place in a chain comes first, in
 * the order of time. Nothing is left out: whoever holds the chains against this sees what somebody put in.
 */
export function chainsByChain(doc: CouchDocument): void {
  const chain = doc['chain'] as { id?: unknown; number?: unknown } | undefined
  if (typeof chain === 'object' && chain !== null && typeof chain.id === 'string' && typeof chain.number === 'number') {
    emit([chain.id, chain.number, doc._id], chain.number)
    return
  }
  const at = doc['at']
  emit(['', typeof at === 'string' ? at : '', doc._id], 0)
}
