import type { Resource } from 'fhir/r4'
import { CodedError } from '../../protocol/error-codes'
import { type Place, resourceIdOf } from '../../protocol/ids'
import { type AcceptedType, isAcceptedType } from '../../schemas/fhir/resource-types'
import type { StoredDocument } from '../store/ehr'
import { type Create, located, type Wanted } from './change'
import { ElementError } from './element-error'
import { referencesIn, withReferences } from './elements'
import type { FindByQuery } from './find-by-query'
import { isPatientBound, partitionFor, patientExpression, patientReferenceInvalid } from './placement'

/** A change with its place, all references rewritten. */
export type Placed =
  | { kind: 'put'; type: AcceptedType; place: Place; resource: Resource }
  | { kind: 'delete'; type: AcceptedType; place: Place }
  | { kind: 'found'; document: StoredDocument }

export interface PlacingTools {
  externalId: string
  mint: (count: number) => Promise<string[]>
  /** A new `<local>`. */
  newId: () => string
  /** At most two that match a search such as `identifier=…`. */
  find: FindByQuery
}

/**
 * Gives every new resource its place and rewrites the references between the entries, in whatever order they stand:
 * first what needs nothing else (patients, the facility's own), then what belongs to a patient.
 */
export async function placeChanges(wanted: readonly Wanted[], tools: PlacingTools): Promise<Placed[]> {
  const names = new Map<string, string>()
  const places: (Place | undefined)[] = []
  const found = await findExisting(wanted, tools)
  const newPatients = wanted.filter(({ change }, index) => isNew(change, found[index]) && change.type === 'Patient')
  const mrns = (newPatients.length > 0 ? await tools.mint(newPatients.length) : []).values()

  const settle = (index: number, place: Place) => {
    places[index] = place
    for (const name of wanted[index]?.names ?? []) names.set(name, `${place.type}/${resourceIdOf(place)}`)
  }
  for (const [index, { change, names: own }] of wanted.entries()) {
    const existing = found[index]
    if (existing) for (const name of own) names.set(name, `${change.type}/${existing.resource.id}`)
    else if (change.kind !== 'create') settle(index, change.place)
    else if (change.type === 'Patient') settle(index, { partition: mrns.next().value ?? '', type: 'Patient' })
    else if (!isPatientBound(change.type))
      settle(index, { partition: tools.externalId, type: change.type, local: tools.newId() })
  }
  await nameConditional(wanted, names, tools)
  const replace = (reference: string) => names.get(reference) ?? reference
  for (const [index, want] of wanted.entries()) {
    const { change } = want
    if (places[index] || found[index] || change.kind !== 'create') continue
    try {
      const partition = partitionFor(tools.externalId, change.type, withReferences(change.resource, replace))
      settle(index, { partition, type: change.type, local: tools.newId() })
    } catch (error) {
      throw located(error, want)
    }
  }
  return wanted.map((want, index): Placed => {
    const existing = found[index]
    if (existing) return { kind: 'found', document: existing }
    const { change } = want
    const place = places[index]
    if (!place) throw new Error('a change was not placed')
    if (change.kind === 'delete') return { kind: 'delete', type: change.type, place }
    try {
      const resource = withReferences(change.resource, replace)
      refuseDangling(want, resource)
      if (change.kind === 'update' && isPatientBound(change.type)) stayWithPatient(change.type, place, resource, tools)
      return { kind: 'put', type: change.type, place, resource }
    } catch (error) {
      throw located(error, want)
    }
  })
}

async function findExisting(wanted: readonly Wanted[], tools: PlacingTools): Promise<(StoredDocument | undefined)[]> {
  const conditions = new Set<string>()
  const found = await Promise.all(
    wanted.map(async (want) => {
      const { change } = want
      if (change.kind !== 'create' || change.ifNoneExist === undefined) return undefined
      const condition = `${change.type}?${change.ifNoneExist}`
      try {
        if (conditions.has(condition)) throw new CodedError('INVALID_REQUEST', 'Two entries have the same ifNoneExist.')
        conditions.add(condition)
        return only(await tools.find(change.type, change.ifNoneExist))
      } catch (error) {
        throw located(error, want)
      }
    }),
  )
  return wanted.map(({ about }, index) => found[about ?? index])
}

function isNew(change: Wanted['change'], existing: StoredDocument | undefined): change is Create {
  return change.kind === 'create' && existing === undefined
}

/** `Practitioner?identifier=…` stands for the one that is found (https://hl7.org/fhir/R4/http.html#trules). */
async function nameConditional(
  wanted: readonly Wanted[],
  names: Map<string, string>,
  tools: PlacingTools,
): Promise<void> {
  for (const want of wanted) {
    if (want.change.kind === 'delete' || want.entry === undefined) continue
    for (const reference of referencesIn(want.change.resource)) {
      const [, type, query] = /^([A-Za-z]+)\?(.+)$/.exec(reference) ?? []
      if (type === undefined || query === undefined || names.has(reference)) continue
      try {
        if (!isAcceptedType(type))
          throw new CodedError('RESOURCE_TYPE_UNSUPPORTED', 'Resources of this type are not kept here.')
        const match = only(await tools.find(type, query))
        if (!match) throw new CodedError('INVALID_REQUEST', 'A conditional reference matches no resource.')
        names.set(reference, `${type}/${match.resource.id}`)
      } catch (error) {
        throw located(error, want)
      }
    }
  }
}

function only(matches: readonly StoredDocument[]): StoredDocument | undefined {
  if (matches.length > 1) throw new CodedError('MULTIPLE_MATCHES', 'The condition matches several resources.')
  return matches[0]
}

function refuseDangling(want: Wanted, resource: Resource): void {
  if (want.entry === undefined || !referencesIn(resource).some((reference) => /^urn:(uuid|oid):/.test(reference)))
    return
  throw new ElementError('INVALID_REQUEST', 'A reference points to no entry of the bundle.', [
    { expression: resource.resourceType, diagnostics: 'has a reference that points to no entry of the bundle' },
  ])
}

function stayWithPatient(type: AcceptedType, place: Place, resource: Resource, { externalId }: PlacingTools): void {
  if (partitionFor(externalId, type, resource) === place.partition) return
  throw patientReferenceInvalid(patientExpression(type), 'must point to the patient whose MRN the id begins with')
}
