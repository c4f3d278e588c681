import { FACILITY_EXTENSION } from '../../protocol/import-bundle'
import type { StoredRecord } from './read-record'

/**
 * One entry of the answer as text. A record matches; what belongs to facilities is included.
 *
 * @param base where resources are, without a slash at its end: `https://hub.example/fhir`
 */
export function entryText(document: StoredRecord, mode: 'match' | 'include', base: string): string {
  const { _rev, facility, recordedAt, resource } = document
  const { resourceType, id, meta, ...elements } = resource
  return JSON.stringify({
    ...(resourceType === 'Patient' ? { extension: [{ url: FACILITY_EXTENSION, valueString: facility }] } : {}),
    fullUrl: `${base}/${resourceType}/${id}`,
    resource: { resourceType, id, meta: { ...meta, versionId: _rev, lastUpdated: recordedAt }, ...elements },
    search: { mode },
  })
}

/** The answer: a FHIR searchset. `self` is the address that was asked. */
export function bundleText(
  entries: { matches: readonly string[]; included: readonly string[] },
  self: string,
  now: Date,
): string {
  const head = JSON.stringify({
    resourceType: 'Bundle',
    type: 'searchset',
    timestamp: now.toISOString(),
    total: entries.matches.length,
    link: [{ relation: 'self', url: self }],
  })
  return `${head.slice(0, -1)},"entry":[${[...entries.matches, ...entries.included].join(',')}]}`
}
