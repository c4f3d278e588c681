import type { Bundle, CodeableConcept, MedicationRequest, Observation, ObservationComponent } from 'fhir/r4'
import { numberIn, plausibilityOf, VITAL_SIGNS, type VitalName } from '../visit/vital-signs'
import { type Shown, textOf, vitalNameOf } from './record'

/** Why a resource is as it is now and not as it was: stands in the version that it made. */
export const CHANGE_REASON = 'https://lontar.health/fhir/StructureDefinition/change-reason'

/** What of a resource can be put right, as text in fields. */
export interface Correction {
  title?: string
  detail?: string
  value?: string
  /** What the value is, where it is a vital sign in the unit that it is measured in here. */
  vital?: VitalName
  /** Of a panel such as the blood pressure, in its order: what each part is called, and its number. */
  parts?: readonly { readonly title: string; readonly value: string; readonly vital?: VitalName }[]
  status?: string
  /** The unusual values of which somebody has said that they are so. */
  sure?: readonly string[]
}

/** What may be left out: there a field that was emptied takes away what stood in it. */
const OPTIONAL_DETAIL: ReadonlySet<Shown['resourceType']> = new Set(['MedicationRequest', 'Immunization'])

/** The texts that were emptied and can't be: without them the resource says nothing. */
export function emptied(resource: Shown, { title, detail }: Correction): ('title' | 'detail')[] {
  const before = correctable(resource)
  const isGone = (was: string | undefined, is: string | undefined) => Boolean(was?.trim()) && is?.trim() === ''
  return [
    ...(isGone(before.title, title) ? (['title'] as const) : []),
    ...(!OPTIONAL_DETAIL.has(resource.resourceType) && isGone(before.detail, detail) ? (['detail'] as const) : []),
  ]
}

/** Whether all numbers can stand in a record, by the limits of a visit. */
export function isPlausible({ value, vital, parts = [], sure = [] }: Correction, years: number | undefined): boolean {
  const numbers = [...(value === undefined ? [] : [{ value, ...(vital && { vital }) }]), ...parts]
  return numbers.every((one) => {
    if (one.vital === undefined) return numberIn(one.value) !== undefined
    const { kind } = plausibilityOf(one.vital, one.value, years)
    return kind === 'fits' || (kind === 'unusual' && sure.includes(`${one.vital} ${one.value}`))
  })
}

const CLINICAL: Readonly<Record<string, string>> = {
  AllergyIntolerance: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical',
  Condition: 'http://terminology.hl7.org/CodeSystem/condition-clinical',
}
const VERIFICATION: Readonly<Record<string, string>> = {
  AllergyIntolerance: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification',
  Condition: 'http://terminology.hl7.org/CodeSystem/condition-ver-status',
}

/** It was a mistake: FHIR's `entered-in-error`. Nothing of it is taken away, and nothing acts on it any more. */
export function cancelled(resource: Shown, reason: string): Shown {
  switch (resource.resourceType) {
    case 'AllergyIntolerance':
    case 'Condition': {
      // con-5 and ait-2: what is a mistake has no clinical status.
      const { clinicalStatus: _, ...rest } = resource
      const system = VERIFICATION[resource.resourceType]
      const verificationStatus = { coding: [{ ...(system && { system }), code: 'entered-in-error' }] }
      return withReason({ ...rest, verificationStatus } as Shown, reason)
    }
    default:
      return withReason({ ...resource, status: 'entered-in-error' } as Shown, reason)
  }
}

/** Several at once, all or none, each as it was seen. */
export function cancelledTogether(resources: readonly Shown[], reason: string): Bundle<Shown> {
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: resources.map((resource) => ({
      resource: cancelled(resource, reason),
      request: {
        method: 'PUT',
        url: `${resource.resourceType}/${resource.id}`,
        ifMatch: `W/"${resource.meta?.versionId}"`,
      },
    })),
  }
}

/** The fields that a resource of this kind has, as they are now. */
export function correctable(resource: Shown): Correction {
  switch (resource.resourceType) {
    case 'AllergyIntolerance':
    case 'Condition':
      return { title: textOf(resource.code) ?? '', status: resource.clinicalStatus?.coding?.[0]?.code ?? 'active' }
    case 'MedicationRequest':
      return {
        title: textOf(resource.medicationCodeableConcept) ?? '',
        detail: resource.dosageInstruction?.[0]?.text ?? '',
        status: resource.status,
      }
    case 'Immunization':
      return { title: textOf(resource.vaccineCode) ?? '', detail: resource.lotNumber ?? '' }
    case 'Observation': {
      const { value } = resource.valueQuantity ?? {}
      if (value !== undefined) return { value: String(value), ...vitalOf(resource) }
      const parts = numbersIn(resource).map((part) => ({
        title: textOf(part.code) ?? '',
        value: String(part.valueQuantity?.value),
        ...vitalOf(part),
      }))
      if (parts.length > 0) return { parts }
      return resource.valueString === undefined ? {} : { detail: resource.valueString }
    }
    case 'Encounter':
      return { title: resource.reasonCode?.[0]?.text ?? '' }
    case 'DiagnosticReport':
      return { detail: resource.conclusion ?? '' }
    case 'DocumentReference':
      return { title: resource.description ?? '' }
  }
}

function vitalOf({ code, valueQuantity }: Pick<ObservationComponent, 'code' | 'valueQuantity'>): { vital?: VitalName } {
  const vital = vitalNameOf(code)
  return vital !== undefined && VITAL_SIGNS[vital].ucum === valueQuantity?.code ? { vital } : {}
}

/** What a status can be corrected to. */
export const STATUSES: Readonly<Partial<Record<Shown['resourceType'], readonly string[]>>> = {
  AllergyIntolerance: ['active', 'inactive', 'resolved'],
  Condition: ['active', 'inactive', 'resolved'],
  MedicationRequest: ['active', 'on-hold', 'completed', 'stopped'],
}

/** A copy with what was put right. A title in other words is another thing: its code goes, since it said the old one. */
export function corrected(resource: Shown, to: Correction, reason: string): Shown {
  return withReason(changed(resource, to), reason)
}

function changed(resource: Shown, { value, parts, status, ...texts }: Correction): Shown {
  const title = texts.title?.trim()
  const detail = texts.detail?.trim()
  switch (resource.resourceType) {
    case 'AllergyIntolerance':
    case 'Condition': {
      const system = CLINICAL[resource.resourceType]
      const clinicalStatus = { coding: [{ ...(system && { system }), code: status ?? 'active' }] }
      return { ...resource, clinicalStatus, code: retitled(resource.code, title) } as Shown
    }
    case 'MedicationRequest': {
      const { dosageInstruction, ...rest } = resource
      return {
        ...rest,
        status: (status as typeof resource.status | undefined) ?? resource.status,
        ...(title && { medicationCodeableConcept: retitled(resource.medicationCodeableConcept, title) }),
        ...redosed(dosageInstruction, detail),
      }
    }
    case 'Immunization': {
      const { lotNumber: _, ...rest } = resource
      const vaccineCode = retitled(resource.vaccineCode, title)
      return detail === undefined
        ? { ...resource, vaccineCode }
        : { ...rest, vaccineCode, ...(detail && { lotNumber: detail }) }
    }
    case 'Observation': {
      const number = value === undefined ? undefined : numberIn(value)
      if (number !== undefined)
        return { ...resource, status: 'corrected', valueQuantity: { ...resource.valueQuantity, value: number } }
      if (parts) return withParts(resource, parts)
      return detail ? { ...resource, status: 'corrected', valueString: detail } : resource
    }
    case 'Encounter':
      return title ? { ...resource, reasonCode: [{ text: title }] } : resource
    case 'DiagnosticReport':
      return detail ? { ...resource, status: 'corrected', conclusion: detail } : resource
    case 'DocumentReference':
      return title ? { ...resource, description: title } : resource
  }
}

function numbersIn({ component = [] }: Observation): ObservationComponent[] {
  return component.filter(({ valueQuantity }) => valueQuantity?.value !== undefined)
}

/** All parts at once: one that is right alone says nothing. */
function withParts(resource: Observation, parts: NonNullable<Correction['parts']>): Observation {
  const measured = numbersIn(resource)
  const component = resource.component?.map((one) => {
    const number = numberIn(parts[measured.indexOf(one)]?.value ?? '')
    return number === undefined ? one : { ...one, valueQuantity: { ...one.valueQuantity, value: number } }
  })
  return { ...resource, status: 'corrected', ...(component && { component }) }
}

/** The first instruction in other words; without words it goes, and what else it says with it. */
function redosed(
  instructions: MedicationRequest['dosageInstruction'],
  text: string | undefined,
): Pick<MedicationRequest, 'dosageInstruction'> {
  const [first, ...others] = instructions ?? []
  if (text === undefined || text === (first?.text ?? '')) return instructions ? { dosageInstruction: instructions } : {}
  const said = [...(text ? [{ ...first, text }] : []), ...others]
  // FHIR has no empty lists.
  return said.length > 0 ? { dosageInstruction: said } : {}
}

function retitled(concept: CodeableConcept | undefined, title: string | undefined): CodeableConcept {
  const before = concept ?? {}
  return !title || title === textOf(concept) ? before : { text: title }
}

export function reasonOf({ extension = [] }: Pick<Shown, 'extension'>): string | undefined {
  return extension.find(({ url }) => url === CHANGE_REASON)?.valueString
}

function withReason(resource: Shown, reason: string): Shown {
  const others = (resource.extension ?? []).filter(({ url }) => url !== CHANGE_REASON)
  return { ...resource, extension: [...others, { url: CHANGE_REASON, valueString: reason }] }
}
