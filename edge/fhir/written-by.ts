import { isDeepStrictEqual } from 'node:util'
import type { Provenance, Resource } from 'fhir/r4'
import { resourceIdOf } from '../../protocol/ids'
import { type AcceptedType, searchElementsOf } from '../../schemas/fhir/resource-types'
import type { Stored } from '../store/ehr'
import type { Create, Update, Wanted } from './change'
import { isObject, referencesIn, valuesAt } from './elements'

/** A person at the facility. */
export interface Author {
  /** `Practitioner/…` */
  readonly reference: string
  readonly display: string
}

type Who = Readonly<{ reference: string; display: string }>

interface AuthorElement {
  readonly element: string
  readonly value: (who: Who) => unknown
}

/** Where a resource of each type says who is behind it, as FHIR means it; what is not here gets a Provenance. */
const ELEMENTS: Partial<Record<AcceptedType, AuthorElement>> = {
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
 * in the element that its type has for it, where that was left open; anything else, also a new resource that names somebody
 * else there, is told by a Provenance of the same transaction, which is in the patient's record because it names the patient as a
 * target too. Those come last, so that what comes back of the others keeps its place. What somebody sends once more because an
 * answer was lost leaves that element open again, and keeps what was put there for the same person.
 */
export function writtenBy(
  wanted: readonly Wanted[],
  author: Author,
  tools: { now: () => Date; newId: () => string; before: (change: Update) => Stored | undefined },
): Wanted[] {
  const recorded = tools.now().toISOString()
  const changes: Wanted[] = []
  const provenances: Wanted[] = []
  for (const want of wanted) {
    const { change } = want
    const place = ELEMENTS[change.type]
    const before = change.kind === 'update' ? tools.before(change) : undefined
    const isPutNew = before?.kind === 'absent'
    if (place && (change.kind === 'create' || (change.kind === 'update' && isPutNew))) {
      const signed = withAuthor(change, place, author)
      if (isNamed(author, signed.resource, place)) {
        changes.push({ ...want, change: signed })
        continue
      }
    }
    const name = `urn:uuid:${tools.newId()}`
    const targets = change.kind === 'create' ? madeTargets(name, change, wanted) : targetsOf(change.type, change.place)
    const isTold = targets.length > 0 && hasProvenance(want)
    if (isTold && change.kind === 'create') changes.push({ ...want, names: [...want.names, name] })
    else if (place && change.kind === 'update' && isBy(author, before, place))
      changes.push({ ...want, change: withAuthor(change, place, author) })
    else changes.push(want)
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
  return change.kind !== 'delete' || change.type !== 'Patient'
}

/** Empty where it is no patient's. */
function madeTargets(name: string, { type, resource }: Create, wanted: readonly Wanted[]): string[] {
  if (type === 'Patient') return [name]
  const isPatient = (reference: unknown): reference is string =>
    /^Patient[/?]/.test(String(reference)) ||
    wanted.some(({ change, names }) => change.type === 'Patient' && names.some((one) => one === reference))
  const whose = searchElementsOf(type)
    .patient.flatMap(({ path }) => valuesAt(resource, `${path}.reference`))
    .find(isPatient)
  return whose === undefined ? [] : [name, whose]
}

/** Empty for the facility's own resources, which are no patient's. */
function targetsOf(type: AcceptedType, place: { partition: string; type: string; local?: string }): string[] {
  if (type === 'Patient') return [`Patient/${place.partition}`]
  return /[0-9]{7,8}$/.test(place.partition)
    ? [`${place.type}/${resourceIdOf(place)}`, `Patient/${place.partition}`]
    : []
}

function withAuthor<C extends { resource: Resource }>(change: C, { element, value }: AuthorElement, author: Author): C {
  const { resource } = change
  return isObject(resource) && resource[element] !== undefined
    ? change
    : { ...change, resource: { ...resource, [element]: value(author) } }
}

/** Whether a resource says where its type says it that this person is behind it, alone or among others. */
function isNamed({ reference }: Author, resource: Resource, { element }: AuthorElement): boolean {
  return isObject(resource) && referencesIn(resource[element]).includes(reference)
}

function isBy(author: Author, before: Stored | undefined, { element, value }: AuthorElement): boolean {
  if (before?.kind !== 'present') return false
  const resource: unknown = before.document.resource
  return isObject(resource) && isDeepStrictEqual(resource[element], value(author))
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
