/**
 * Law 1, the only place where it is said: a facility owns its own partition and those of its patients.
 *
 * `id` is a document's `_id`, or an MRN alone. What counts is the part before the first colon: the external ID
 * itself, or the external ID and 7 or 8 digits. Nothing but the id is looked at, so the rule holds for
 * tombstones (which carry nothing else) and for revision histories that somebody made up.
 *
 *     owns('101', '10100000042:Observation:01J9')  true, a patient of 101
 *     owns('101', '101:Organization:main')         true, the facility's own
 *     owns('101', '10200000042:Patient')           false
 *
 * The design documents carry this function into CouchDB: it uses nothing outside itself, and only ES2015.
 */
export function owns(externalId: string, id: string): boolean {
  const colon = id.indexOf(':')
  const partition = colon === -1 ? id : id.slice(0, colon)
  if (externalId === '' || partition.slice(0, externalId.length) !== externalId) return false
  return /^([0-9]{7,8})?$/.test(partition.slice(externalId.length))
}
