import type { CouchDocument } from '../couch'

declare function emit(key: string[], value: null): void

/** All entries, as they happened. The id makes each key another one, so that a page can begin at any of them. */
export function entriesByTime(doc: CouchDocument): void {
  const at = doc['at']
  if (typeof at === 'string') emit([at, doc._id], null)
}
