import type { CouchDocument } from '../couch'

declare function emit(key: string, value: string): void

/**
 * Who points at a patient: the MRN in each `link` of a Patient → that Patient's own MRN. A visiting patient's record
 * names the first one; this is the way back.
 */
export function linksByTarget(doc: CouchDocument): void {
  if (doc['type'] !== 'Patient' || typeof doc['mrn'] !== 'string') return
  const links = field(doc['resource'], 'link')
  if (!Array.isArray(links)) return
  for (const link of links) {
    const reference = field(field(link, 'other'), 'reference')
    const match = typeof reference === 'string' ? /^Patient\/([A-Z0-9]{2,20})$/.exec(reference) : null
    if (match?.[1] !== undefined) emit(match[1], doc['mrn'])
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}
