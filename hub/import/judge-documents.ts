import { isExternalId } from '../../protocol/external-id'
import { documentIdOf, placeOfResource } from '../../protocol/ids'
import type { PurposeOfUse } from '../../protocol/purpose-of-use'
import { type Directive, EXTERNAL_ID_SYSTEM, organizationsIn, readConsent } from '../consent/consent-rule'
import { isObject, listOf } from '../consent/fhir-json'
import type { ConsentPolicy } from '../consent/judge-item'
import { judgeRecord, type RecordVerdict } from '../consent/judge-record'
import { MOST_LEAVES, refusalsOfLeaves } from '../consent/leaves'
import { mayHaveLabels, recordItem } from '../consent/record-item'
import type { StoredRecord } from './stored-record'

export interface Reader {
  /** Of the facility that asks. */
  externalId: string
  purpose: PurposeOfUse
  at: Date
}

/** What else has to be read for it. */
export interface FurtherReads {
  /** The Organizations that Consents name. */
  byIds: (ids: readonly string[]) => Promise<readonly StoredRecord[]>
  /** A Consent as it is in a revision that did not win. */
  leaf: (id: string, rev: string) => Promise<unknown>
}

const ALL: RecordVerdict = { kind: 'released', withheld: new Set() }

/**
 * What consent says of the documents of one record. A facility's own record is not kept back from it: it has it already. Where there
 * is neither a Consent nor what may have a label, which is nearly always, nothing is parsed.
 */
export function judgeDocuments(
  documents: readonly StoredRecord[],
  reader: Reader,
  policy: ConsentPolicy,
  reads: FurtherReads,
): Promise<RecordVerdict> | RecordVerdict {
  const owner = documents.find(({ type }) => type === 'Patient')?.facility
  if (owner === reader.externalId) return ALL
  const consents = documents.filter(({ type }) => type === 'Consent')
  const isQuiet = consents.length === 0 && !documents.some(mayHaveLabels)
  if (isQuiet) return policy === 'permit-unless-refused' ? ALL : { kind: 'refused' }
  return judged(documents, owner, reader, policy, reads)
}

async function judged(
  documents: readonly StoredRecord[],
  owner: string | undefined,
  reader: Reader,
  policy: ConsentPolicy,
  { byIds, leaf }: FurtherReads,
): Promise<RecordVerdict> {
  const consents = documents.filter(({ type }) => type === 'Consent')
  const directives = (await Promise.all(consents.map((one) => directivesOf(one, reader.at, leaf)))).flat()
  const facilities = await facilitiesOf(organizationsIn(directives), owner, byIds)
  const items = documents.map((one) => recordItem(one.type, one.resourceId, one.hasLabels, () => one.resource()))
  const reading = { ...reader, facilityOf: (organization: string) => facilities.get(organization) }
  return judgeRecord(items, directives, reading, policy)
}

/** What a Consent says, and what its revisions that did not win refuse beside it. */
async function directivesOf(consent: StoredRecord, at: Date, leaf: FurtherReads['leaf']): Promise<Directive[]> {
  const { id, recordedAt, conflicts } = consent
  const won = readConsent(consent.resource(), recordedAt, at)
  if (conflicts.length === 0) return won ? [won] : []
  const lost = await Promise.all(conflicts.slice(0, MOST_LEAVES + 1).map((rev) => leaf(id, rev)))
  return refusalsOfLeaves(won, lost, at)
}

/**
 * Which facility an Organization stands for: the external ID that it carries as an identifier. It counts where the record's own
 * facility has written it, or the very facility that it names: no third one decides whom a Consent means.
 */
async function facilitiesOf(
  references: readonly string[],
  owner: string | undefined,
  byIds: (ids: readonly string[]) => Promise<readonly StoredRecord[]>,
): Promise<Map<string, string>> {
  const ids = references.flatMap((reference) => {
    const place = placeOfResource('Organization', reference.slice('Organization/'.length))
    return place && isExternalId(place.partition) ? [documentIdOf(place)] : []
  })
  const facilities = new Map<string, string>()
  if (ids.length === 0) return facilities
  for (const organization of await byIds(ids)) {
    const externalId = organization.mrn === undefined ? externalIdOf(organization.resource()) : undefined
    if (externalId === undefined || (organization.facility !== owner && organization.facility !== externalId)) continue
    facilities.set(`Organization/${organization.resourceId}`, externalId)
  }
  return facilities
}

/** Undefined also where there are several: nobody can tell which is meant. */
function externalIdOf(organization: unknown): string | undefined {
  const identifiers = listOf(isObject(organization) ? organization['identifier'] : undefined) ?? []
  const [first, ...more] = identifiers.filter(({ system }) => system === EXTERNAL_ID_SYSTEM)
  const value = first?.['value']
  return more.length === 0 && typeof value === 'string' && isExternalId(value) ? value : undefined
}
