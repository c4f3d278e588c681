import type { CouchDocument } from '../couch'

declare function emit(key: string[], value: null): void

/** Registrations that wait for the operator: [external ID, since when, id]. */
export function waiting(doc: CouchDocument): void {
  if (doc['kind'] !== 'registration' || doc['status'] !== 'pending') return
  const key = [doc['externalId'], doc['requestedAt'], doc['id']]
  if (key.every((part) => typeof part === 'string')) emit(key as string[], null)
}
