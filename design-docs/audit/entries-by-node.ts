import type { CouchDocument } from '../couch'

declare function emit(key: string[], value: null): void

export function entriesByNode(doc: CouchDocument): void {
  const { at, node } = doc
  if (typeof at === 'string' && typeof node === 'string') emit([node, at, doc._id], null)
}
