import type { CouchDocument } from '../couch'

declare function emit(key: string[], value: null): void

export function entriesByKind(doc: CouchDocument): void {
  const { at, kind } = doc
  if (typeof at === 'string' && typeof kind === 'string') emit([kind, at, doc._id], null)
}
