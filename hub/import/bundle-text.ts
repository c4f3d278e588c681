import { FACILITY_EXTENSION } from '../../protocol/import-bundle'
import { MOST_LINKED_RECORDS } from './read-record'
import { type StoredRecord, toBytes } from './stored-record'

/**
 * One entry of the answer as text, one character a byte. A record matches; what belongs to facilities is included.
 *
 * @param base where resources are, without a slash at its end: `https://hub.example/fhir`
 */
export function entryText(record: StoredRecord, mode: 'match' | 'include', base: string): string {
  const { type, resourceId, facility } = record
  const owner =
    type === 'Patient' ? `"extension":[{"url":"${FACILITY_EXTENSION}","valueString":${JSON.stringify(facility)}}],` : ''
  const url = toBytes(JSON.stringify(`${base}/${type}/${resourceId}`))
  return `{${owner}"fullUrl":${url},"resource":${record.resourceText()},"search":{"mode":"${mode}"}}`
}

/** Says that something is not there, and neither what nor how much: that would tell half of it. */
const WITHHELD = JSON.stringify({
  resource: {
    resourceType: 'OperationOutcome',
    issue: [
      {
        severity: 'information',
        code: 'suppressed',
        details: { text: 'Something of this record is withheld by consent or for its confidentiality.' },
      },
    ],
  },
  search: { mode: 'outcome' },
})

/** Whoever reads the answer must not take it for all that there is. */
const CUT = JSON.stringify({
  resource: {
    resourceType: 'OperationOutcome',
    issue: [
      {
        severity: 'warning',
        code: 'incomplete',
        details: {
          text: `More records are linked with this one than the ${MOST_LINKED_RECORDS} that are sent with it; ask for the others by their own MRNs.`,
        },
      },
    ],
  },
  search: { mode: 'outcome' },
})

/** The answer, as bytes: a FHIR searchset. `self` is the address that was asked. */
export function bundleBytes(
  entries: { matches: readonly string[]; included: readonly string[]; isWithheld: boolean; isCut: boolean },
  self: string,
  now: Date,
): Buffer {
  const { matches, included, isWithheld, isCut } = entries
  const head = JSON.stringify({
    resourceType: 'Bundle',
    type: 'searchset',
    timestamp: now.toISOString(),
    total: matches.length,
    link: [{ relation: 'self', url: self }],
  })
  const all = [...matches, ...included, ...(isWithheld ? [WITHHELD] : []), ...(isCut ? [CUT] : [])]
  return Buffer.from(`${toBytes(head).slice(0, -1)},"entry":[${all.join(',')}]}`, 'latin1')
}
