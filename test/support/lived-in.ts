import { madeUpRecord } from '../../scripts/made-up/records'
import { type Clinic, registered } from './clinic'

const SEED = 101

/** Made-up patients with some years of visits, and one whose record has something of everything: the MRN. */
export async function liveIn(clinic: Clinic, patients: number, today = new Date()): Promise<string> {
  const { admin } = clinic
  for (let index = 0; index < patients; index++) {
    const { status } = await admin.ask('/load', { method: 'POST', body: madeUpRecord(SEED, index, today) })
    if (status >= 300) throw new Error(`the made-up record was not loaded: ${status}`)
  }
  const mrn = await registered(clinic, 'Suci Lestari', {
    telecom: [{ system: 'phone', value: '081234567890' }],
    address: [{ text: 'Jalan Melati 4, Lembang' }],
  })
  const subject = { reference: `Patient/${mrn}` }
  const daysAgo = (days: number) => new Date(today.getTime() - days * 86_400_000).toISOString()
  for (const [days, kilos, systolic] of [
    [400, 58, 138],
    [260, 59.5, 142],
    [120, 61, 135],
    [20, 60.2, 129],
  ] as const) {
    const encounter = await made(clinic, {
      resourceType: 'Encounter',
      status: 'finished',
      class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
      subject,
      period: { start: daysAgo(days), end: daysAgo(days) },
      reasonCode: [{ text: 'Kontrol tekanan darah' }],
    })
    const at = {
      status: 'final',
      subject,
      encounter: { reference: `Encounter/${encounter}` },
      effectiveDateTime: daysAgo(days),
    }
    await made(clinic, {
      resourceType: 'Observation',
      ...at,
      code: loinc('29463-7', 'Berat badan'),
      valueQuantity: ucum(kilos, 'kg'),
    })
    await made(clinic, {
      resourceType: 'Observation',
      ...at,
      code: loinc('85354-9', 'Tekanan darah'),
      component: [
        { code: loinc('8480-6', 'Sistolik'), valueQuantity: ucum(systolic, 'mm[Hg]') },
        { code: loinc('8462-4', 'Diastolik'), valueQuantity: ucum(systolic - 50, 'mm[Hg]') },
      ],
    })
  }
  await made(clinic, {
    resourceType: 'Condition',
    subject,
    clinicalStatus: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
    },
    category: [
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-category', code: 'problem-list-item' }] },
    ],
    code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'I10' }], text: 'Hipertensi' },
    recordedDate: daysAgo(400),
  })
  await made(clinic, {
    resourceType: 'AllergyIntolerance',
    patient: subject,
    criticality: 'high',
    code: { text: 'Amoksisilin' },
  })
  await made(clinic, {
    resourceType: 'MedicationRequest',
    status: 'active',
    intent: 'order',
    subject,
    authoredOn: daysAgo(20),
    medicationCodeableConcept: { text: 'Amlodipin 5 mg' },
    dosageInstruction: [{ text: '1 × 1 tablet, pagi' }],
  })
  return mrn
}

async function made({ admin }: Clinic, body: { resourceType: string; [element: string]: unknown }): Promise<string> {
  const { status, body: answer } = await admin.ask(`/fhir/${body.resourceType}`, { method: 'POST', body })
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(answer)}`)
  return (answer as { id: string }).id
}

const loinc = (code: string, text: string) => ({ coding: [{ system: 'http://loinc.org', code }], text })
const ucum = (value: number, code: string) => ({ value, unit: code, code, system: 'http://unitsofmeasure.org' })
