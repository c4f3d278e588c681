import { isExternalId } from '../../protocol/external-id'
import { documentIdOf, type Place, placeOfResource } from '../../protocol/ids'
import { FACILITY_EXTENSION } from '../../protocol/import-bundle'
import { owns } from '../../protocol/owns'
import type { RecordDocument } from '../../schemas/generated/types'
import { isRecordDocument } from '../../schemas/generated/validators'

/** The answer is not a record of the patient that was asked for; nothing of it is kept. */
export class UnusableAnswer extends Error {}

export interface Copies {
  documents: RecordDocument[]
  /** Entries that are the facility's own: its originals are not overwritten by what the hub has of them. */
  own: number
  /** The hub says that something of the record was kept back by consent; it does not say what. */
  withheld: boolean
  /** Entries whose ids, owner or form don't fit together. */
  unusable: number
}

type Resource = Record<string, unknown>

/**
 * The Bundle of an import as documents of this edge. Ids are worked out again from each resource's own id, and no entry
 * decides more than where it is kept itself.
 */
export function documentsOf(
  body: unknown,
  wanted: { mrn: string; externalId: string },
  imported: { hubId: string; importedAt: string },
): Copies {
  const entries = objectsIn(field(body, 'entry'))
  if (field(body, 'resourceType') !== 'Bundle' || field(body, 'type') !== 'searchset') {
    throw new UnusableAnswer("The hub's answer is not a Bundle of type searchset.")
  }
  const owners = ownersIn(entries)
  if (!owners.has(wanted.mrn))
    throw new UnusableAnswer("The hub's answer holds no Patient of the MRN that was asked for.")

  const copies: Copies = { documents: [], own: 0, unusable: 0, withheld: entries.some(saysWithheld) }
  for (const entry of entries) {
    if (isOutcome(entry)) continue
    const resource = field(entry, 'resource')
    const place = isObject(resource) ? placeOf(resource) : undefined
    const owner =
      place && (owners.get(place.partition) ?? (isExternalId(place.partition) ? place.partition : undefined))
    const document = place && owner !== undefined && copyOf(resource as Resource, place, owner, imported)
    if (!document || !owns(document.facility, document._id) || !isRecordDocument(document)) copies.unusable += 1
    else if (owns(wanted.externalId, document._id)) copies.own += 1
    else copies.documents.push(document)
  }
  return copies
}

/** What the hub has to say of the answer; it is no part of the record. */
function isOutcome(entry: Resource): boolean {
  const resource = field(entry, 'resource')
  return field(entry['search'], 'mode') === 'outcome' && field(resource, 'resourceType') === 'OperationOutcome'
}

function saysWithheld(entry: Resource): boolean {
  return (
    isOutcome(entry) && objectsIn(field(field(entry, 'resource'), 'issue')).some(({ code }) => code === 'suppressed')
  )
}

/** MRN → external ID of its facility, as the Patients' entries say it, where the two fit. */
function ownersIn(entries: readonly Resource[]): Map<string, string> {
  const owners = new Map<string, string>()
  for (const entry of entries) {
    const resource = field(entry, 'resource')
    const place = isObject(resource) ? placeOf(resource) : undefined
    const extension = objectsIn(entry['extension']).find(({ url }) => url === FACILITY_EXTENSION)
    const facility = extension?.['valueString']
    if (place?.type !== 'Patient' || typeof facility !== 'string' || !isExternalId(facility)) continue
    // A partition that is the facility's own name is not a patient's.
    if (facility !== place.partition && owns(facility, place.partition)) owners.set(place.partition, facility)
  }
  return owners
}

function placeOf(resource: Resource): Place | undefined {
  const { resourceType, id } = resource
  return typeof resourceType === 'string' && typeof id === 'string' ? placeOfResource(resourceType, id) : undefined
}

function copyOf(
  resource: Resource,
  place: Place,
  facility: string,
  imported: { hubId: string; importedAt: string },
): RecordDocument {
  const { meta, ...elements } = resource
  const { versionId: _, lastUpdated, ...ownMeta } = isObject(meta) ? meta : {}
  return {
    _id: documentIdOf(place),
    type: place.type,
    ...(place.partition === facility ? {} : { mrn: place.partition }),
    facility,
    recordedAt: typeof lastUpdated === 'string' ? lastUpdated : imported.importedAt,
    imported: { ...imported, facility },
    // Version and time stand beside the resource, not in it.
    resource: {
      ...elements,
      ...(Object.keys(ownMeta).length > 0 ? { meta: ownMeta } : {}),
    } as unknown as RecordDocument['resource'],
  }
}

function objectsIn(value: unknown): Resource[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

function field(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined
}

function isObject(value: unknown): value is Resource {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
