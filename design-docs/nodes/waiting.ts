import type { CouchDocument } from '../couch'

declare function emit(key: string[], value: string | null): void

/** Registrations that wait for the operator: [external ID, since when, id], with the hash of the address that asked. */
export function waiting(doc: CouchDocument): void {
  if (doc['kind'] !== 'registration' || doc['status'] !== 'pending') return
  const key = [doc['externalId'], doc['requestedAt'], doc['id']]
  const address = doc['addressHash']
  if (key.every((part) => typeof part === 'string')) emit(key as string[], typeof address === 'string' ? address : null)
}
