import type { CouchDocument } from '../couch'

declare function emit(key: string[], value: null): void

/**
 * Each record that was released, under the external ID of the facility that it belongs to: [owner, at, entry, MRN]. An MRN is the
 * external ID and 7 or 8 digits, so there are two that it may begin with; external IDs don't begin one another, so
 * there is a facility for one of them at most. What a facility reads of its own is no disclosure.
 */
export function disclosuresByOwner(doc: CouchDocument): void {
  const { at, kind, outcome, node, mrn } = doc
  if (kind !== 'import' || outcome !== 'allowed' || typeof at !== 'string') return
  const linked = Array.isArray(doc['linked']) ? (doc['linked'] as unknown[]) : []
  const seen: string[] = []
  for (const one of [mrn, ...linked]) {
    if (typeof one !== 'string' || seen.indexOf(one) !== -1) continue
    seen.push(one)
    for (const digits of [7, 8]) {
      const owner = one.slice(0, -digits)
      if (/^[A-Z0-9]{2,12}$/.test(owner) && node !== `node-${owner}`) emit([owner, at, doc._id, one], null)
    }
  }
}
