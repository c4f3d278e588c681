import type { Bundle, Condition, Encounter, FhirResource, Immunization, Observation, Patient } from 'fhir/r4'
import { madeUpPatient } from './people'
import { Random } from './random'

const DAY_MS = 86_400_000
const YEARS = 4

interface Problem {
  icd10: string
  text: string
  chronic: boolean
}

const PROBLEMS: readonly [Problem, ...Problem[]] = [
  { icd10: 'J06.9', text: 'Acute upper respiratory infection', chronic: false },
  { icd10: 'A09', text: 'Gastroenteritis', chronic: false },
  { icd10: 'A90', text: 'Dengue fever', chronic: false },
  { icd10: 'B54', text: 'Malaria', chronic: false },
  { icd10: 'I10', text: 'Essential hypertension', chronic: true },
  { icd10: 'E11.9', text: 'Type 2 diabetes mellitus', chronic: true },
  { icd10: 'A15.0', text: 'Tuberculosis of lung', chronic: true },
]

/** CVX codes (CDC). */
const VACCINES: readonly [[string, string], ...[string, string][]] = [
  ['19', 'BCG'],
  ['08', 'Hepatitis B, adolescent or pediatric'],
  ['02', 'Poliovirus vaccine, live, oral'],
  ['05', 'Measles'],
  ['208', 'COVID-19, mRNA, 30 mcg/0.3 mL'],
]

/**
 * One made-up patient with a few years of visits, as the bundle that another system would hand over: the ids are its own, and
 * references are `urn:uuid:`. The same seed and index make the same bundle.
 */
export function madeUpRecord(seed: number, index: number, today: Date): Bundle {
  const random = new Random(seed * 7_919 + index)
  const patientId = random.uuid()
  const patient = madeUpPatient(random, patientId, today)
  const resources: FhirResource[] = [patient, ...immunizations(random, patient, today)]
  const visits = random.whole(6, 14)
  for (let visit = 0; visit < visits; visit++) {
    const latest = today.getTime() - DAY_MS
    const earliest = Math.max(new Date(patient.birthDate ?? 0).getTime(), today.getTime() - YEARS * 365 * DAY_MS)
    resources.push(...madeUpVisit(random, patient, new Date(earliest + random.next() * (latest - earliest))))
  }
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: resources.map((resource) => ({
      fullUrl: `urn:uuid:${resource.id}`,
      resource,
      request: { method: 'POST', url: resource.resourceType },
    })),
  }
}

function madeUpVisit(random: Random, patient: Patient, at: Date): FhirResource[] {
  const subject = { reference: `urn:uuid:${patient.id}` }
  const problem = random.pick(PROBLEMS)
  const encounter: Encounter = {
    resourceType: 'Encounter',
    id: random.uuid(),
    status: 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB', display: 'ambulatory' },
    subject,
    period: { start: at.toISOString(), end: new Date(at.getTime() + random.whole(10, 50) * 60_000).toISOString() },
    reasonCode: [{ text: problem.text }],
  }
  const visit = { reference: `urn:uuid:${encounter.id}` }
  const condition: Condition = {
    resourceType: 'Condition',
    id: random.uuid(),
    clinicalStatus: {
      coding: [
        {
          system: 'http://terminology.hl7.org/CodeSystem/condition-clinical',
          code: problem.chronic ? 'active' : 'resolved',
        },
      ],
    },
    code: {
      coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: problem.icd10, display: problem.text }],
      text: problem.text,
    },
    subject,
    encounter: visit,
    recordedDate: at.toISOString(),
  }
  const measured = (loinc: string, display: string, value: number, unit: string, ucum: string): Observation => ({
    resourceType: 'Observation',
    id: random.uuid(),
    status: 'final',
    category: [
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }] },
    ],
    code: { coding: [{ system: 'http://loinc.org', code: loinc, display }], text: display },
    subject,
    encounter: visit,
    effectiveDateTime: at.toISOString(),
    valueQuantity: { value, unit, system: 'http://unitsofmeasure.org', code: ucum },
  })
  return [
    encounter,
    measured('8310-5', 'Body temperature', random.around(37.2, 1.6, 1), '°C', 'Cel'),
    measured('8867-4', 'Heart rate', random.around(82, 25), 'beats/minute', '/min'),
    measured('8480-6', 'Systolic blood pressure', random.around(124, 30), 'mmHg', 'mm[Hg]'),
    measured('8462-4', 'Diastolic blood pressure', random.around(79, 18), 'mmHg', 'mm[Hg]'),
    measured('29463-7', 'Body weight', random.around(58, 22, 1), 'kg', 'kg'),
    ...(random.chance(0.4) ? [measured('718-7', 'Hemoglobin', random.around(12.8, 2.5, 1), 'g/dL', 'g/dL')] : []),
    ...(random.chance(0.7) ? [condition] : []),
  ]
}

function immunizations(random: Random, patient: Patient, today: Date): Immunization[] {
  return VACCINES.filter(() => random.chance(0.7)).map(([cvx, display]) => {
    const born = new Date(patient.birthDate ?? 0).getTime()
    const at = new Date(born + random.next() * (today.getTime() - born))
    return {
      resourceType: 'Immunization',
      id: random.uuid(),
      status: 'completed',
      vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: cvx, display }], text: display },
      patient: { reference: `urn:uuid:${patient.id}` },
      occurrenceDateTime: at.toISOString(),
    }
  })
}
