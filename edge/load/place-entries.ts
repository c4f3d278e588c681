import type { Resource } from 'fhir/r4'
import type { CodedError } from '../../protocol/error-codes'
import { type Place, placeOfResource, resourceIdOf } from '../../protocol/ids'
import { type AcceptedType, isAcceptedType, isFacilityType } from '../../schemas/fhir/resource-types'
import { located } from '../fhir/change'
import { ElementError } from '../fhir/element-error'
import { referencesIn, withReferences } from '../fhir/elements'
import type { FindByQuery } from '../fhir/find-by-query'
import { isPatientBound, partitionFor } from '../fhir/placement'
import { type MrnTools, mrnsFor } from './mrns-for'
import { localOf, type SourceEntry } from './source-entries'

export interface PlacedEntry {
  entry: number
  type: AcceptedType
  place: Place
  /** References rewritten; the id is not yet. */
  resource: Resource
  sourceId?: string
  /** Its MRN was minted for this bundle, so nothing of it can be there. */
  isNewPartition: boolean
}

export interface PlacingTools extends MrnTools {
  /** What a conditional reference (`Practitioner?identifier=…`) finds. */
  find: FindByQuery
}

/**
 * Gives every resource of a bundle its place here. The same bundle always comes to the same places: a patient's MRN is
 * remembered with the id that the patient had, and every other id is kept as `<local>`.
 */
export async function placeEntries(entries: readonly SourceEntry[], tools: PlacingTools): Promise<PlacedEntry[]> {
  const { externalId } = tools
  const { mrns, minted } = await mrnsFor(entries, tools)
  const names = new Map<string, string>()
  const places = new Map<SourceEntry, Place>()
  const settle = (entry: SourceEntry, place: Place) => {
    places.set(entry, place)
    for (const name of entry.names) names.set(name, `${place.type}/${resourceIdOf(place)}`)
  }
  for (const one of entries) {
    if (one.type === 'Patient') settle(one, { partition: mrns.get(one.id) ?? '', type: 'Patient' })
    else if (isFacilityType(one.type)) settle(one, placeIn(externalId, one))
  }
  await nameOthers(entries, names, tools)
  for (const one of entries) {
    if (!isPatientBound(one.type)) continue
    const resource = withReferences(one.resource, (reference) => names.get(reference) ?? reference)
    try {
      settle(one, placeIn(partitionFor(externalId, one.type, resource), one))
    } catch (error) {
      throw located(error, one)
    }
  }
  return entries.map((one) => {
    const place = places.get(one)
    if (!place) throw new Error('an entry was not placed')
    const resource = withReferences(
      one.resource,
      (reference) => names.get(reference) ?? elsewhere(reference, place, externalId),
    )
    refuseDangling(one, resource)
    return {
      entry: one.entry,
      type: one.type,
      place,
      resource,
      ...(one.type === 'Patient' && place.partition !== one.id ? { sourceId: `Patient/${one.id}` } : {}),
      isNewPartition: minted.has(place.partition),
    }
  })
}

function placeIn(partition: string, { type, id }: SourceEntry): Place {
  const place = placeOfResource(type, id)
  // The data may have come from here.
  const local = place?.partition === partition ? place.local : undefined
  return { partition, type, local: local ?? localOf(id) }
}

/** Names what stands in no entry of the bundle: patients loaded before, and what a condition finds. */
async function nameOthers(
  entries: readonly SourceEntry[],
  names: Map<string, string>,
  tools: PlacingTools,
): Promise<void> {
  const asked = new Set<string>()
  for (const one of entries) {
    for (const reference of referencesIn(one.resource)) {
      if (names.has(reference) || asked.has(reference)) continue
      asked.add(reference)
      const [, type = '', query] = /^([A-Za-z]+)\?(.+)$/.exec(reference) ?? []
      if (query !== undefined && isAcceptedType(type)) {
        const [match, ...more] = await tools.find(type, query)
        if (!match || more.length > 0) throw located(conditionFails(one, more.length > 0), one)
        names.set(reference, `${type}/${match.resource.id}`)
      } else if (reference.startsWith('Patient/')) {
        const mrn = await tools.mrnOfSource(reference)
        if (mrn !== undefined) names.set(reference, `Patient/${mrn}`)
      }
    }
  }
}

/** A reference to something that another bundle holds, as it will be called here whenever that is loaded. */
function elsewhere(reference: string, from: Place, externalId: string): string {
  const [, type = '', id] = /^([A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})$/.exec(reference) ?? []
  if (id === undefined || !isAcceptedType(type) || type === 'Patient') return reference
  const partition = isFacilityType(type) ? externalId : from.partition
  // The facility's own resources can't tell whose a patient's resource is.
  if ((partition === externalId && !isFacilityType(type)) || id.startsWith(`${partition}.`)) return reference
  return `${type}/${partition}.${localOf(id)}`
}

function refuseDangling(one: SourceEntry, resource: Resource): void {
  if (!referencesIn(resource).some((reference) => /^urn:(uuid|oid):/.test(reference))) return
  const problem = { expression: one.type, diagnostics: 'has a reference that points to no entry of the bundle' }
  throw located(new ElementError('INVALID_REQUEST', 'A reference points to no entry of the bundle.', [problem]), one)
}

function conditionFails(one: SourceEntry, isAmbiguous: boolean): CodedError {
  const diagnostics = isAmbiguous
    ? 'has a conditional reference that matches several resources'
    : 'has a conditional reference that matches nothing here; load the file that holds it first'
  return new ElementError(
    isAmbiguous ? 'MULTIPLE_MATCHES' : 'INVALID_REQUEST',
    'A conditional reference does not match one resource.',
    [{ expression: one.type, diagnostics }],
  )
}
