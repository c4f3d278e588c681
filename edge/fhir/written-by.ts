import type { Provenance, Resource } from 'fhir/r4'
import { resourceIdOf } from '../../protocol/ids'
import type { AcceptedType } from '../../schemas/fhir/resource-types'
import type { Update, Wanted } from './change'
import { isObject } from './elements'

/** A person at the facility. */
export interface Author {
  /** `Practitioner/…` */
  readonly reference: string
  readonly display: string
}

type Who = Readonly<{ reference: string; display: string }>

/** Where a resource of each type says who is behind it, as FHIR means it; what is not here gets a Provenance. */
const ELEMENTS: Partial<Record<AcceptedType, { element: string; value: (who: Who) => unknown }>> = {
  AllergyIntolerance: { element: 'recorder', value: (who) => who },
  CarePlan: { element: 'author', value: (who) => who },
  ClinicalImpression: { element: 'assessor', value: (who) => who },
  Communication: { element: 'sender', value: (who) => who },
  Condition: { element: 'recorder', value: (who) => who },
  DeviceRequest: { element: 'requester', value: (who) => who },
  DiagnosticReport: { element: 'performer', value: (who) => [who] },
  DocumentReference: { element: 'author', value: (who) => [who] },
  Encounter: { element: 'participant', value: (who) => [{ individual: who }] },
  Flag: { element: 'author', value: (who) => who },
  Immunization: { element: 'performer', value: (who) => [{ actor: who }] },
  List: { element: 'source', value: (who) => who },
  MedicationAdministration: { element: 'performer', value: (who) => [{ actor: who }] },
  MedicationDispense: { element: 'performer', value: (who) => [{ actor: who }] },
  MedicationRequest: { element: 'requester', value: (who) => who },
  Observation: { element: 'performer', value: (who) => [who] },
  Procedure: { element: 'recorder', value: (who) => who },
  QuestionnaireResponse: { element: 'author', value: (who) => who },
  ServiceRequest: { element: 'requester', value: (who) => who },
}

const ACTIVITY = 'http://terminology.hl7.org/CodeSystem/v3-DataOperation'
const CODES = { create: 'CREATE', update: 'UPDATE', delete: 'DELETE' } as const

/**
 * The same changes with who made them in them. A new resource, also one that is put under an id that its maker chose, says it
 * in the element that its type has for it, where that was left open; anything else is told by a Provenance of the same
 * transaction, which is in the patient's record because it names the patient as a target too. Those come last, so that what
 * comes back of the others keeps its place.
 */
export function writtenBy(
  wanted: readonly Wanted[],
  author: Author,
  tools: { now: () => Date; newId: () => string; isNew: (change: Update) => boolean },
): Wanted[] {
  const recorded = tools.now().toISOString()
  const changes: Wanted[] = []
  const provenances: Wanted[] = []
  for (const want of wanted) {
    const { change } = want
    const place = ELEMENTS[change.type]
    const isPutNew = change.kind === 'update' && tools.isNew(change)
    if (place && (change.kind === 'create' || isPutNew)) {
      changes.push({ ...want, change: { ...change, resource: withAuthor(change.resource, place, author) } })
      continue
    }
    const name = `urn:uuid:${tools.newId()}`
    const targets = change.kind === 'create' ? [name] : targetsOf(change.type, change.place)
    const isTold = targets.length > 0 && hasProvenance(want)
    changes.push(isTold && change.kind === 'create' ? { ...want, names: [...want.names, name] } : want)
    if (!isTold) continue
    const resource = provenanceOf(targets, recorded, CODES[isPutNew ? 'create' : change.kind], author)
    provenances.push({
      change: { kind: 'create', type: 'Provenance', resource },
      names: [],
      about: changes.length - 1,
    })
  }
  return [...changes, ...provenances]
}

/** What only whole patients' deletion leaves has no place; nor has what is about the facility's own, since a Provenance is in a patient's record. */
function hasProvenance({ change }: Wanted): boolean {
  if (change.type === 'Provenance') return false
  if (change.kind === 'create') return change.type === 'Patient'
  return change.kind === 'update' || change.type !== 'Patient'
}

/** Empty for the facility's own resources, which are no patient's. */
function targetsOf(type: AcceptedType, place: { partition: string; type: string; local?: string }): string[] {
  if (type === 'Patient') return [`Patient/${place.partition}`]
  return /[0-9]{7,8}$/.test(place.partition)
    ? [`${place.type}/${resourceIdOf(place)}`, `Patient/${place.partition}`]
    : []
}

function withAuthor(
  resource: Resource,
  { element, value }: { element: string; value: (who: Who) => unknown },
  author: Author,
): Resource {
  return isObject(resource) && resource[element] !== undefined
    ? resource
    : ({ ...resource, [element]: value(author) } as Resource)
}

function provenanceOf(targets: readonly string[], recorded: string, code: string, author: Author): Provenance {
  return {
    resourceType: 'Provenance',
    target: targets.map((reference) => ({ reference })),
    recorded,
    activity: { coding: [{ system: ACTIVITY, code }] },
    agent: [{ who: { ...author } }],
  }
}
