import type {
  AllergyIntolerance,
  Bundle,
  Condition,
  Encounter,
  FhirResource,
  Immunization,
  MedicationRequest,
  Observation,
  ObservationComponent,
} from 'fhir/r4'
import { ICD_10 } from '../patient/record'
import { localInstant } from './local-instant'
import { atcOfMedicine } from './medicines'
import { atcOfVaccine } from './vaccines'
import { filled, type VisitForm } from './visit-form'
import { BLOOD_PRESSURE, numberIn, VITAL_NAMES, VITAL_SIGNS, type VitalName } from './vital-signs'

const LOINC = 'http://loinc.org'
const UCUM = 'http://unitsofmeasure.org'
const ATC = 'http://www.whocc.no/atc'
const HL7 = 'http://terminology.hl7.org/CodeSystem'
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** The words that stand in the record itself, in the language in which it was written. */
export interface VisitWords {
  vital(name: VitalName | 'pressure'): string
  readonly note: string
  despite(because: string): string
}

/**
 * A visit as one FHIR transaction. Every resource has an id that follows from the visit's own, so that the same transaction sent
 * twice, because an answer was lost, leaves one visit.
 *
 * @param form  without obstacles
 * @param now   when it is saved
 */
export function visitTransaction(mrn: string, form: VisitForm, now: Date, words: VisitWords): Bundle<FhirResource> {
  const { visit } = form
  if (visit === undefined) throw new Error('a visit that nobody began')
  const at = localInstant(now)
  // A draft of an earlier version has it in UTC.
  const startedAt = localInstant(form.startedAt === undefined ? now : new Date(form.startedAt))
  let count = 0
  const nextId = () => localId(mrn, visit, count++)
  const id = nextId()
  const subject = { reference: `Patient/${mrn}` }
  const encounter = { reference: `Encounter/${id}` }
  const about = { subject, encounter }

  const conditions = form.diagnoses.map(
    ({ code, title, isLasting }): Condition => ({
      resourceType: 'Condition',
      id: nextId(),
      // Of a cold it is not said for ever that it is there.
      ...(isLasting && { clinicalStatus: coded('condition-clinical', 'active') }),
      verificationStatus: coded('condition-ver-status', 'confirmed'),
      category: [
        coded('condition-category', 'encounter-diagnosis'),
        ...(isLasting ? [coded('condition-category', 'problem-list-item')] : []),
      ],
      code: { ...(code !== undefined && { coding: [{ system: ICD_10, code }] }), text: title },
      ...about,
      recordedDate: at,
    }),
  )
  const resources: FhirResource[] = [
    ...conditions,
    ...measurements(form, words).map(
      (measured): Observation => ({ ...measured, id: nextId(), ...about, effectiveDateTime: startedAt }),
    ),
    ...noteOf(form.notes, words).map(
      (note): Observation => ({ ...note, id: nextId(), ...about, effectiveDateTime: at }),
    ),
    ...filled(form.prescriptions, 'medicine').map(
      ({ medicine, dosage, because }): MedicationRequest => ({
        resourceType: 'MedicationRequest',
        id: nextId(),
        status: 'active',
        intent: 'order',
        medicationCodeableConcept: conceptOf(medicine, atcOfMedicine(medicine)),
        ...about,
        authoredOn: at,
        ...(because.trim() !== '' && { note: [{ text: words.despite(because.trim()) }] }),
        ...(dosage.trim() !== '' && { dosageInstruction: [{ text: dosage.trim() }] }),
      }),
    ),
    ...filled(form.immunizations, 'vaccine').map(
      ({ vaccine, batch }): Immunization => ({
        resourceType: 'Immunization',
        id: nextId(),
        status: 'completed',
        vaccineCode: conceptOf(vaccine, atcOfVaccine(vaccine)),
        patient: subject,
        encounter,
        occurrenceDateTime: at,
        primarySource: true,
        ...(batch.trim() !== '' && { lotNumber: batch.trim() }),
      }),
    ),
    ...filled(form.allergies, 'substance').map(
      ({ substance, reaction, isSevere }): AllergyIntolerance => ({
        resourceType: 'AllergyIntolerance',
        id: nextId(),
        clinicalStatus: coded('allergyintolerance-clinical', 'active'),
        verificationStatus: coded('allergyintolerance-verification', 'confirmed'),
        ...(isSevere && { criticality: 'high' as const }),
        code: conceptOf(substance, atcOfMedicine(substance)),
        patient: subject,
        encounter,
        recordedDate: at,
        ...(reaction.trim() !== '' && { reaction: [{ manifestation: [{ text: reaction.trim() }] }] }),
      }),
    ),
  ]
  const whole: Encounter = {
    resourceType: 'Encounter',
    id,
    status: 'finished',
    class: { system: `${HL7}/v3-ActCode`, code: 'AMB', display: 'ambulatory' },
    subject,
    period: { start: earlier(startedAt, at), end: at },
    ...(form.complaint.trim() !== '' && { reasonCode: [{ text: form.complaint.trim() }] }),
    ...(conditions.length > 0 && {
      diagnosis: conditions.map((condition) => ({ condition: { reference: `Condition/${condition.id}` } })),
    }),
  }
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [whole, ...resources].map((resource) => ({
      resource,
      request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
    })),
  }
}

/** The visit's ULID for the visit itself; for its parts the same with other last letters, 1,023 at most. */
function localId(mrn: string, visit: string, index: number): string {
  const number = visit
    .slice(-2)
    .split('')
    .reduce((sum, letter) => sum * 32 + CROCKFORD.indexOf(letter), 0)
  const next = (number + index) % 1_024
  return `${mrn}.${visit.slice(0, -2)}${CROCKFORD[next >> 5]}${CROCKFORD[next & 31]}`
}

function measurements({ vitals }: VisitForm, words: VisitWords): Omit<Observation, 'id'>[] {
  const value = (name: VitalName) => numberIn(vitals[name] ?? '')
  const single = VITAL_NAMES.filter((name) => name !== 'systolic' && name !== 'diastolic').flatMap((name) => {
    const number = value(name)
    return number === undefined ? [] : [{ ...vitalOf(VITAL_SIGNS[name], words.vital(name)), ...quantity(name, number) }]
  })
  const component = (['systolic', 'diastolic'] as const).flatMap((name): ObservationComponent[] => {
    const number = value(name)
    return number === undefined
      ? []
      : [{ code: loinc(VITAL_SIGNS[name], words.vital(name)), ...quantity(name, number) }]
  })
  return component.length === 0
    ? single
    : [{ ...vitalOf(BLOOD_PRESSURE, words.vital('pressure')), component }, ...single]
}

function vitalOf(sign: { loinc: string; display: string }, text: string): Omit<Observation, 'id'> {
  return {
    resourceType: 'Observation',
    status: 'final',
    category: [coded('observation-category', 'vital-signs')],
    code: loinc(sign, text),
  }
}

function noteOf(notes: string, words: VisitWords): Omit<Observation, 'id'>[] {
  if (notes.trim() === '') return []
  const code = loinc({ loinc: '34109-9', display: 'Note' }, words.note)
  return [{ resourceType: 'Observation', status: 'final', code, valueString: notes.trim() }]
}

function quantity(name: VitalName, value: number) {
  const { unit, ucum } = VITAL_SIGNS[name]
  return { valueQuantity: { value, unit, system: UCUM, code: ucum } }
}

function loinc({ loinc: code, display }: { loinc: string; display: string }, text: string) {
  return { coding: [{ system: LOINC, code, display }], text }
}

function coded(system: string, code: string) {
  return { coding: [{ system: `${HL7}/${system}`, code }] }
}

function conceptOf(text: string, atc: string | undefined) {
  return { ...(atc !== undefined && { coding: [{ system: ATC, code: atc }] }), text: text.trim() }
}

/** A clock that was set back between the two does not make a visit end before it began. */
function earlier(startedAt: string, at: string): string {
  return Date.parse(startedAt) < Date.parse(at) ? startedAt : at
}
