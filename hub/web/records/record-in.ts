import type { Bundle, CodeableConcept, FhirResource, HumanName, Patient } from 'fhir/r4'

export interface RecordRow {
  readonly id: string
  readonly title: string
  readonly detail?: string
  /** FHIR's date or moment. */
  readonly at?: string
  /** It was entered in error, and stands there as a mistake. */
  readonly isCancelled: boolean
}

export interface RecordGroup {
  /** FHIR's resource type. */
  readonly type: string
  readonly rows: readonly RecordRow[]
}

export interface PatientRecord {
  readonly mrn: string
  readonly name: string
  readonly birthDate?: string
  readonly gender?: string
  readonly deceased?: string
  readonly groups: readonly RecordGroup[]
}

/** What is looked at first stands first; other types follow. */
const ORDER = [
  'AllergyIntolerance',
  'Condition',
  'MedicationRequest',
  'MedicationStatement',
  'Immunization',
  'Encounter',
  'Observation',
  'DiagnosticReport',
  'Procedure',
  'CarePlan',
  'ServiceRequest',
  'DocumentReference',
]

/** The records of an answer, the one that was asked for first, and then those that are linked with it. */
export function recordsIn(bundle: Bundle, mrn: string): { records: PatientRecord[]; isPartial: boolean } {
  const entries = (bundle as Bundle<FhirResource>).entry ?? []
  const resources = entries.flatMap(({ resource }) => (resource === undefined ? [] : [resource]))
  const patients = resources.filter((one): one is Patient => one.resourceType === 'Patient')
  patients.sort((a, b) => Number(b.id === mrn) - Number(a.id === mrn))
  return {
    records: patients.map((patient) => recordOf(patient, resources)),
    isPartial: entries.some(({ search }) => search?.mode === 'outcome'),
  }
}

function recordOf(patient: Patient, resources: readonly FhirResource[]): PatientRecord {
  const { id = '', name, birthDate, gender, deceasedDateTime } = patient
  const own = resources.filter((one) => one.id?.startsWith(`${id}.`))
  const types = [...new Set(own.map(({ resourceType }) => resourceType))].sort((a, b) => rank(a) - rank(b))
  return {
    mrn: id,
    name: nameOf(name?.[0]),
    ...(birthDate !== undefined && { birthDate }),
    ...(gender !== undefined && { gender }),
    ...(deceasedDateTime !== undefined && { deceased: deceasedDateTime }),
    groups: types.map((type) => ({
      type,
      rows: own
        .filter(({ resourceType }) => resourceType === type)
        .map(rowOf)
        .sort((a, b) => (b.at ?? '').localeCompare(a.at ?? '')),
    })),
  }
}

function rank(type: string): number {
  const at = ORDER.indexOf(type)
  return at === -1 ? ORDER.length : at
}

/** What stands in most resources under one of a few names. */
interface Common {
  readonly id?: string
  readonly status?: string
  readonly code?: CodeableConcept
  readonly vaccineCode?: CodeableConcept
  readonly medicationCodeableConcept?: CodeableConcept
  readonly type?: CodeableConcept | readonly CodeableConcept[]
  readonly reasonCode?: readonly CodeableConcept[]
  readonly verificationStatus?: CodeableConcept
  readonly description?: string
  readonly valueQuantity?: { readonly value?: number; readonly unit?: string }
  readonly valueString?: string
  readonly valueCodeableConcept?: CodeableConcept
  readonly component?: readonly { readonly code?: CodeableConcept; readonly valueQuantity?: Common['valueQuantity'] }[]
  readonly dosageInstruction?: readonly { readonly text?: string }[]
  readonly period?: { readonly start?: string }
  readonly [time: string]: unknown
}

const TIMES = [
  'effectiveDateTime',
  'occurrenceDateTime',
  'onsetDateTime',
  'performedDateTime',
  'authoredOn',
  'recordedDate',
  'date',
  'issued',
]

function rowOf(resource: FhirResource): RecordRow {
  const one = resource as unknown as Common
  const { id = '', code, vaccineCode, medicationCodeableConcept, type, reasonCode, description } = one
  const first = Array.isArray(type) ? type[0] : (type as CodeableConcept | undefined)
  const texts = [code, vaccineCode, medicationCodeableConcept, reasonCode?.[0], first].map(textOf)
  const time = one.period?.start ?? TIMES.map((name) => one[name]).find((value) => typeof value === 'string')
  const detail = detailOf(one)
  const isWrong = one.verificationStatus?.coding?.some((coding) => coding.code === 'entered-in-error') ?? false
  return {
    id,
    title: texts.find((text) => text !== undefined) ?? description ?? '–',
    ...(detail !== undefined && { detail }),
    ...(typeof time === 'string' && { at: time }),
    isCancelled: one.status === 'entered-in-error' || isWrong,
  }
}

function detailOf({ valueQuantity, valueString, valueCodeableConcept, component, dosageInstruction }: Common) {
  const parts = component?.map((part) => [textOf(part.code), quantityOf(part.valueQuantity)].filter(Boolean).join(' '))
  return (
    quantityOf(valueQuantity) ??
    valueString ??
    textOf(valueCodeableConcept) ??
    (parts && parts.length > 0 ? parts.join(', ') : undefined) ??
    dosageInstruction?.[0]?.text
  )
}

function quantityOf(quantity: Common['valueQuantity']): string | undefined {
  return quantity?.value === undefined ? undefined : `${quantity.value} ${quantity.unit ?? ''}`.trim()
}

function textOf(concept: CodeableConcept | undefined): string | undefined {
  const coding = concept?.coding?.[0]
  return concept?.text ?? coding?.display ?? coding?.code
}

function nameOf(name: HumanName | undefined): string {
  return name?.text ?? [...(name?.given ?? []), name?.family].filter(Boolean).join(' ')
}

/** A header carries bytes: what a person typed goes out as the bytes of its UTF-8. */
export function asHeader(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text.replace(/\s+/g, ' ').trim()))
}
