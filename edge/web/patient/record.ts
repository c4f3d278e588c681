import type {
  AllergyIntolerance,
  CodeableConcept,
  Condition,
  DiagnosticReport,
  DocumentReference,
  Encounter,
  FhirResource,
  Immunization,
  MedicationRequest,
  Observation,
  Patient,
  Provenance,
} from 'fhir/r4'
import { VITAL_NAMES, VITAL_SIGNS, type VitalName } from '../visit/vital-signs'
import { type Origin, originOf } from './origin'

/** What the page shows and lets be corrected. */
export type Shown =
  | AllergyIntolerance
  | Condition
  | DiagnosticReport
  | DocumentReference
  | Encounter
  | Immunization
  | MedicationRequest
  | Observation

/** One thing of a record, in the words that it has itself. */
export interface Entry<R extends Shown = Shown> {
  readonly resource: R
  readonly title: string | undefined
  readonly detail: string | undefined
  /** When it was so; FHIR's date or moment. */
  readonly at: string | undefined
  readonly origin: Origin
  /** `entered-in-error`: it was a mistake, and stands there as one. */
  readonly isCancelled: boolean
  /** It still holds: not resolved, stopped or completed. */
  readonly isActive: boolean
}

export interface Measured {
  readonly at: string
  readonly value: number
  readonly entry: Entry<Observation>
}

/** A visit with what was written at it. */
export interface Visit {
  readonly entry: Entry<Encounter>
  readonly parts: readonly Entry[]
}

export interface PatientRecord {
  readonly patient: Patient
  readonly allergies: readonly Entry<AllergyIntolerance>[]
  readonly problems: readonly Entry<Condition>[]
  readonly medications: readonly Entry<MedicationRequest>[]
  readonly immunizations: readonly Entry<Immunization>[]
  readonly documents: readonly Entry<DocumentReference | DiagnosticReport>[]
  /** Oldest first, as a chart runs; cancelled ones are not among them. */
  readonly vitals: Readonly<Partial<Record<VitalName, readonly Measured[]>>>
  readonly visits: readonly Visit[]
  /** What belongs to no visit that is here. */
  readonly loose: readonly Entry[]
  /** Who has changed what. */
  readonly provenances: readonly Provenance[]
}

/** Sorts a record for the page. Lists run newest first, and what still holds stands before what does not. */
export function recordOf(patient: Patient, resources: readonly FhirResource[]): PatientRecord {
  const entries = resources.flatMap((resource) => entryOf(resource) ?? []).sort(newestFirst)
  const of = <T extends Shown['resourceType']>(type: T) =>
    entries.filter((entry): entry is Entry<Extract<Shown, { resourceType: T }>> => entry.resource.resourceType === type)
  const observations = of('Observation')
  const encounters = of('Encounter')
  const here = new Set(encounters.map(({ resource }) => `Encounter/${resource.id}`))
  const parts = new Map<string, Entry[]>()
  for (const entry of entries) {
    const visit = visitOf(entry.resource)
    if (visit !== undefined) parts.set(visit, [...(parts.get(visit) ?? []), entry])
  }
  return {
    patient,
    allergies: holdingFirst(of('AllergyIntolerance')),
    problems: holdingFirst(of('Condition')),
    medications: holdingFirst(of('MedicationRequest')),
    immunizations: of('Immunization'),
    documents: entries.filter(
      (entry): entry is Entry<DocumentReference | DiagnosticReport> =>
        entry.resource.resourceType === 'DocumentReference' || entry.resource.resourceType === 'DiagnosticReport',
    ),
    vitals: vitalsIn(observations),
    provenances: resources.filter((one): one is Provenance => one.resourceType === 'Provenance'),
    visits: encounters.map((entry) => ({ entry, parts: parts.get(`Encounter/${entry.resource.id}`) ?? [] })),
    loose: entries.filter(
      ({ resource }) => resource.resourceType !== 'Encounter' && !here.has(visitOf(resource) ?? ''),
    ),
  }
}

/** A cold of last year is in its visit, and is no problem of today's. */
export function isLasting({ clinicalStatus, category = [] }: Condition): boolean {
  return clinicalStatus !== undefined || !category.some((one) => isCode(one, 'encounter-diagnosis'))
}

export function textOf(concept: CodeableConcept | undefined): string | undefined {
  const [coding] = concept?.coding ?? []
  return concept?.text ?? coding?.display ?? coding?.code
}

function entryOf(resource: FhirResource): Entry | undefined {
  const origin = originOf(resource)
  switch (resource.resourceType) {
    case 'AllergyIntolerance':
      return {
        resource,
        origin,
        title: textOf(resource.code),
        detail: resource.reaction?.flatMap(({ manifestation }) => manifestation.map(textOf)).join(', ') || undefined,
        at: resource.recordedDate ?? resource.onsetDateTime,
        isCancelled: isCode(resource.verificationStatus, 'entered-in-error'),
        isActive: !isCode(resource.clinicalStatus, 'inactive', 'resolved'),
      }
    case 'Condition':
      return {
        resource,
        origin,
        title: textOf(resource.code),
        detail: resource.code?.coding?.find(({ system }) => system === ICD_10)?.code,
        at: resource.onsetDateTime ?? resource.recordedDate,
        isCancelled: isCode(resource.verificationStatus, 'entered-in-error'),
        isActive: !isCode(resource.clinicalStatus, 'inactive', 'remission', 'resolved'),
      }
    case 'MedicationRequest':
      return {
        resource,
        origin,
        title: textOf(resource.medicationCodeableConcept) ?? resource.medicationReference?.display,
        // With why it was prescribed all the same.
        detail:
          [...(resource.dosageInstruction ?? []), ...(resource.note ?? [])]
            .flatMap(({ text }) => text ?? [])
            .join('; ') || undefined,
        at: resource.authoredOn,
        isCancelled: resource.status === 'entered-in-error',
        isActive: resource.status === 'active' || resource.status === 'on-hold',
      }
    case 'Immunization':
      return {
        resource,
        origin,
        title: textOf(resource.vaccineCode),
        detail: resource.lotNumber,
        at: resource.occurrenceDateTime ?? resource.recorded,
        isCancelled: resource.status === 'entered-in-error',
        isActive: true,
      }
    case 'Observation':
      return {
        resource,
        origin,
        title: textOf(resource.code),
        detail: readingOf(resource),
        at: resource.effectiveDateTime ?? resource.effectivePeriod?.start ?? resource.issued,
        isCancelled: resource.status === 'entered-in-error',
        isActive: true,
      }
    case 'Encounter':
      return {
        resource,
        origin,
        title: resource.reasonCode?.map(textOf).join(', ') || textOf(resource.type?.[0]),
        detail: undefined,
        at: resource.period?.start,
        isCancelled: resource.status === 'entered-in-error',
        // What has happened holds.
        isActive: true,
      }
    case 'DiagnosticReport':
      return {
        resource,
        origin,
        title: textOf(resource.code),
        detail: resource.conclusion,
        at: resource.effectiveDateTime ?? resource.effectivePeriod?.start ?? resource.issued,
        isCancelled: resource.status === 'entered-in-error',
        isActive: resource.status !== 'cancelled',
      }
    case 'DocumentReference':
      return {
        resource,
        origin,
        title: resource.description ?? textOf(resource.type) ?? resource.content[0]?.attachment.title,
        detail: resource.content[0]?.attachment.contentType,
        at: resource.date,
        isCancelled: resource.status === 'entered-in-error',
        isActive: resource.status === 'current',
      }
    default:
      return undefined
  }
}

export const ICD_10 = 'http://hl7.org/fhir/sid/icd-10'

function isCode(concept: CodeableConcept | undefined, ...codes: string[]): boolean {
  return (concept?.coding ?? []).some(({ code }) => code !== undefined && codes.includes(code))
}

const plainly = (value: number) => String(value)

/** "120/80 mmHg", "37.2 °C", "positive"; parts of a panel that is not the blood pressure stand with their names. */
export function readingOf({ component = [], ...whole }: Observation, number = plainly): string | undefined {
  const own = single(whole, number)
  if (own !== undefined || component.length === 0) return own
  const [high, low] = [VITAL_SIGNS.systolic.loinc, VITAL_SIGNS.diastolic.loinc].map(
    (loinc) => component.find(({ code }) => code.coding?.some((coding) => coding.code === loinc))?.valueQuantity?.value,
  )
  if (high !== undefined && low !== undefined) return `${number(high)}/${number(low)} mmHg`
  return component.map((part) => `${textOf(part.code) ?? ''} ${single(part, number) ?? ''}`.trim()).join(', ')
}

function single(
  {
    valueQuantity: quantity,
    valueString,
    valueCodeableConcept,
  }: Pick<Observation, 'valueQuantity' | 'valueString' | 'valueCodeableConcept'>,
  number: (value: number) => string,
): string | undefined {
  if (quantity?.value !== undefined) {
    const rounded = Math.round(quantity.value * 100) / 100
    return `${number(rounded)} ${UNITS.get(quantity.code ?? '') ?? quantity.unit ?? ''}`.trim()
  }
  return valueString ?? textOf(valueCodeableConcept)
}

const UNITS = new Map<string, string>(Object.values(VITAL_SIGNS).map(({ ucum, unit }) => [ucum, unit]))
/** LOINC's codes of before, and of other methods, for the same. */
const ALSO: Readonly<Record<string, VitalName>> = { '2708-6': 'oxygen', '8331-1': 'temperature', '3141-9': 'weight' }
const NAMES = new Map<string, VitalName>([
  ...VITAL_NAMES.map((name) => [VITAL_SIGNS[name].loinc, name] as const),
  ...Object.entries(ALSO),
])

/** Undefined where it is no vital sign. */
export function vitalNameOf(code: CodeableConcept): VitalName | undefined {
  return code.coding?.flatMap((coding) => NAMES.get(coding.code ?? '') ?? [])[0]
}

function vitalsIn(observations: readonly Entry<Observation>[]): Partial<Record<VitalName, Measured[]>> {
  const series: Partial<Record<VitalName, Measured[]>> = {}
  for (const entry of observations.toReversed()) {
    const { resource, at, isCancelled } = entry
    if (at === undefined || isCancelled) continue
    for (const { code, valueQuantity } of [resource, ...(resource.component ?? [])]) {
      const name = vitalNameOf(code)
      if (!name || valueQuantity?.value === undefined) continue
      const measured = { at, value: Math.round(valueQuantity.value * 10) / 10, entry }
      series[name] = [...(series[name] ?? []), measured]
    }
  }
  return series
}

function visitOf(resource: Shown): string | undefined {
  if (resource.resourceType === 'DocumentReference') return resource.context?.encounter?.[0]?.reference
  return 'encounter' in resource ? resource.encounter?.reference : undefined
}

function newestFirst(a: Entry, b: Entry): number {
  return (Date.parse(b.at ?? '') || 0) - (Date.parse(a.at ?? '') || 0)
}

function holdingFirst<T extends Entry>(entries: readonly T[]): T[] {
  const rank = ({ isCancelled, isActive }: Entry) => (isCancelled ? 2 : isActive ? 0 : 1)
  return entries.toSorted((a, b) => rank(a) - rank(b))
}
