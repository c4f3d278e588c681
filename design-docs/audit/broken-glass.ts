import type { CouchDocument } from '../couch'

declare function emit(key: string[], value: null): void

/** Each import that broke the glass, and behind it what was found when it was reviewed: [at of the import, its id, at of the row]. */
export function brokenGlass(doc: CouchDocument): void {
  const { at, kind, outcome, purpose, reviewed, reviewedAt } = doc
  if (typeof at !== 'string') return
  if (kind === 'import' && outcome === 'allowed' && purpose === 'BTG') emit([at, doc._id, ''], null)
  if (kind === 'consent-review' && typeof reviewed === 'string' && typeof reviewedAt === 'string') {
    emit([reviewedAt, reviewed, at], null)
  }
}
