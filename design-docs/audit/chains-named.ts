import type { CouchDocument } from '../couch'

declare function emit(key: (string | number)[], value: number): void

/** The ends of chains that entries of other chains name. */
export function chainsNamed(doc: CouchDocument): void {
  const chain = doc['chain'] as { heads?: unknown } | undefined
  const heads = typeof chain === 'object' && chain !== null ? chain.heads : undefined
  if (!Array.isArray(heads)) return
  for (const head of heads as { chain?: unknown; number?: unknown }[]) {
    if (typeof head.chain === 'string' && typeof head.number === 'number') {
      emit([head.chain, head.number, doc._id], head.number)
    }
  }
}
