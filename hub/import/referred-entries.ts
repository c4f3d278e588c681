import { isExternalId } from '../../protocol/external-id'
import { documentIdOf, placeOfResource } from '../../protocol/ids'
import type { StoredRecord } from './stored-record'

/** How often what was referred to is searched for references of its own: a role names its practitioner and place. */
const REFERENCE_ROUNDS = 3

/**
 * Entries for what belongs to facilities and is referred to: the practitioners, places and devices without which a
 * record can't be read. Works on the entries' text, which has to be written anyway.
 *
 * @param mrns the partitions that `entries` are from
 */
export async function referredEntries(
  entries: readonly string[],
  mrns: readonly string[],
  byIds: (ids: readonly string[]) => Promise<StoredRecord[]>,
  entryOf: (document: StoredRecord) => string,
): Promise<string[]> {
  const referred: string[] = []
  const asked = new Set<string>()
  // Nearly every reference stays in the record. As an MRN of up to 12 characters has the form of an external ID too, each
  // would be asked for.
  const own = new Set(mrns)
  let latest = entries
  for (let round = 0; round < REFERENCE_ROUNDS; round++) {
    const ids = facilityIdsIn(latest, own).filter((id) => !asked.has(id))
    if (ids.length === 0) break
    for (const id of ids) asked.add(id)
    // An external ID of digits alone can look like an MRN: the document says whether it is a facility's own.
    latest = (await byIds(ids)).filter((document) => document.mrn === undefined).map(entryOf)
    referred.push(...latest)
  }
  return referred
}

/** In CouchDB's text, as in JSON.stringify's, a quote inside a string is escaped, so this finds members called `reference` and nothing else. */
const REFERENCE = /"reference":"([A-Z][A-Za-z]+)\/([A-Z0-9]{2,12}\.[A-Za-z0-9.-]+)"/g

function facilityIdsIn(entries: readonly string[], except: ReadonlySet<string>): string[] {
  const ids = new Set<string>()
  for (const entry of entries) {
    for (const [, type = '', id = ''] of entry.matchAll(REFERENCE)) {
      // Nearly every reference ends here, so it is the cheapest question that comes first.
      if (except.has(id.slice(0, id.indexOf('.')))) continue
      const place = placeOfResource(type, id)
      if (place && isExternalId(place.partition)) ids.add(documentIdOf(place))
    }
  }
  return [...ids]
}
