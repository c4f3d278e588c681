import type { CouchDocument } from '../couch'

declare function emit(key: string[], value: null): void

/** What was asked of a patient's record, and what was released with another's because the two are linked. */
export function entriesByMrn(doc: CouchDocument): void {
  const at = doc['at']
  if (typeof at !== 'string') return
  const linked = Array.isArray(doc['linked']) ? (doc['linked'] as unknown[]) : []
  const seen: string[] = []
  for (const mrn of [doc['mrn'], ...linked]) {
    if (typeof mrn !== 'string' || seen.indexOf(mrn) !== -1) continue
    seen.push(mrn)
    emit([mrn, at, doc._id], null)
  }
}
