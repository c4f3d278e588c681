import type { CouchDocument } from '../couch'

declare function emit(key: string[], value: null): void

export function entriesByOperator(doc: CouchDocument): void {
  const { at, operator } = doc
  if (typeof at === 'string' && typeof operator === 'string') emit([operator, at, doc._id], null)
}
