import type { FhirResource, Patient } from 'fhir/r4'
import { ageOf, yearsOf } from '../../../../edge/web/patient/age'
import { cancelled, correctable, corrected, emptied, reasonOf } from '../../../../edge/web/patient/amend'
import { originOf } from '../../../../edge/web/patient/origin'
import { recordOf } from '../../../../edge/web/patient/record'
import { validateResource } from '../../../../schemas/fhir/validate-resource'

const ANA: Patient = { resourceType: 'Patient', id: '10100000042' }
const subject = { reference: 'Patient/10100000042' }
const patient = subject
const encounter = { reference: 'Encounter/10100000042.e1' }
const loinc = (code: string) => ({ coding: [{ system: 'http://loinc.org', code }] })

const RESOURCES = {
  allergy: { resourceType: 'AllergyIntolerance', id: '10100000042.a1', patient, code: { text: 'Penisilin' } },
  problem: {
    resourceType: 'Condition',
    id: '10100000042.c1',
    subject,
    encounter,
    clinicalStatus: { coding: [{ code: 'active' }] },
    code: { text: 'Hipertensi', coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'I10' }] },
  },
  medication: {
    resourceType: 'MedicationRequest',
    id: '10100000042.m1',
    status: 'active',
    intent: 'order',
    subject,
    encounter,
    medicationCodeableConcept: { text: 'Amlodipin 5 mg' },
    dosageInstruction: [{ text: '1 x 1' }],
  },
  immunization: {
    resourceType: 'Immunization',
    id: '10100000042.i1',
    status: 'completed',
    patient,
    vaccineCode: { text: 'BCG' },
    occurrenceDateTime: '2020-01-02',
  },
  weight: {
    resourceType: 'Observation',
    id: '10100000042.o1',
    status: 'final',
    subject,
    code: loinc('29463-7'),
    effectiveDateTime: '2026-11-01T08:00:00Z',
    valueQuantity: { value: 61.26, unit: 'kg', code: 'kg' },
  },
  pressure: {
    resourceType: 'Observation',
    id: '10100000042.o2',
    status: 'final',
    subject,
    encounter,
    code: loinc('85354-9'),
    effectiveDateTime: '2026-11-02T08:00:00Z',
    component: [
      { code: loinc('8462-4'), valueQuantity: { value: 80, code: 'mm[Hg]' } },
      { code: loinc('8480-6'), valueQuantity: { value: 120, code: 'mm[Hg]' } },
    ],
  },
  visit: {
    resourceType: 'Encounter',
    id: '10100000042.e1',
    status: 'finished',
    class: { code: 'AMB' },
    subject,
    period: { start: '2026-11-02T07:30:00Z' },
    reasonCode: [{ text: 'Pusing' }],
  },
  document: {
    resourceType: 'DocumentReference',
    id: '10100000042.d1',
    status: 'current',
    subject,
    description: 'Hasil rontgen',
    content: [{ attachment: { contentType: 'image/png' } }],
  },
} as const satisfies Record<string, FhirResource>
type Name = keyof typeof RESOURCES
const NAMES = Object.keys(RESOURCES) as Name[]

describe('a record', () => {
  const record = recordOf(ANA, Object.values(RESOURCES))

  test('has visits with what was written at them, and the rest without one', () => {
    expect(record.visits.map(({ entry, parts }) => [entry.title, parts.map(({ title }) => title).sort()])).toEqual([
      ['Pusing', ['85354-9', 'Amlodipin 5 mg', 'Hipertensi']],
    ])
    expect(record.loose.map(({ resource }) => resource.resourceType).sort()).toEqual([
      'AllergyIntolerance',
      'DocumentReference',
      'Immunization',
      'Observation',
    ])
  })

  test('says what was measured as people write it', () => {
    const details = [...record.loose, ...record.visits.flatMap(({ parts }) => parts)].flatMap(({ resource, detail }) =>
      resource.resourceType === 'Observation' ? [detail] : [],
    )
    expect(details.sort()).toEqual(['120/80 mmHg', '61.26 kg'])
  })

  test('has series for charts, oldest first, without what was a mistake', () => {
    const { vitals } = recordOf(ANA, [
      RESOURCES.weight,
      { ...RESOURCES.weight, id: 'x', effectiveDateTime: '2025-01-01', valueQuantity: { value: 58 } },
      { ...RESOURCES.weight, id: 'y', status: 'entered-in-error', valueQuantity: { value: 600 } },
      RESOURCES.pressure,
    ])
    expect(Object.entries(vitals).map(([name, points]) => [name, points.map(({ value }) => value)])).toEqual([
      ['weight', [58, 61.3]],
      ['diastolic', [80]],
      ['systolic', [120]],
    ])
  })

  test('puts what holds first, and mistakes last', () => {
    const { medications } = recordOf(ANA, [
      { ...RESOURCES.medication, id: '1', status: 'entered-in-error', authoredOn: '2026-03-01' },
      { ...RESOURCES.medication, id: '2', status: 'stopped', authoredOn: '2026-02-01' },
      { ...RESOURCES.medication, id: '3', authoredOn: '2026-01-01' },
    ])
    expect(medications.map(({ resource }) => resource.id)).toEqual(['3', '2', '1'])
  })
})

test.each([
  [undefined, { kind: 'own' }],
  [{ tag: [{ system: 'x', code: '102' }] }, { kind: 'own' }],
  [
    {
      tag: [
        {
          system: 'https://lontar.health/fhir/CodeSystem/imported-from',
          code: '102',
          display: 'Read-only copy, imported 2026-11-22T07:41:03.120Z from hub h1',
        },
      ],
    },
    { kind: 'imported', facility: '102', at: '2026-11-22T07:41:03.120Z' },
  ],
])('where %j comes from', (meta, origin) => {
  expect(originOf(meta ? { meta } : {})).toEqual(origin)
})

describe.each(NAMES)('%s', (name) => {
  const resource = RESOURCES[name]
  const entry = (one: FhirResource) => {
    const { visits, loose } = recordOf(ANA, [one])
    return visits[0]?.entry ?? loose[0]
  }

  test('that was a mistake is valid, crossed out, and says why', () => {
    const mistake = cancelled(resource, 'salah pasien')
    expect(validateResource(mistake)).toMatchObject({ ok: true })
    expect([entry(mistake)?.isCancelled, reasonOf(mistake)]).toEqual([true, 'salah pasien'])
    expect(mistake).not.toHaveProperty('clinicalStatus')
  })

  test('that is put right is valid, and keeps what is not put right', () => {
    expect(corrected(resource, correctable(resource), 'x')).toMatchObject({
      ...resource,
      ...(['weight', 'pressure'].includes(name) && { status: 'corrected' }),
    })
    const to = { title: 'Lain', detail: 'Baru', value: '62,5' }
    const right = corrected(resource, to, 'salah ketik')
    expect(validateResource(right)).toMatchObject({ ok: true })
    expect([reasonOf(right), entry(right)?.isCancelled]).toEqual(['salah ketik', false])
    if ('title' in correctable(resource)) expect(entry(right)?.title).toBe('Lain')
    if ('value' in correctable(resource)) expect(entry(right)?.detail).toBe('62.5 kg')
  })

  test('has one reason, the last', () => {
    expect(cancelled(corrected(resource, {}, 'first'), 'second').extension).toHaveLength(1)
  })
})

test('another name is another thing, and has not the code of the old one', () => {
  expect(corrected(RESOURCES.problem, { title: 'Diabetes' }, 'x')).toMatchObject({ code: { text: 'Diabetes' } })
  expect(corrected(RESOURCES.problem, { title: 'Diabetes' }, 'x')).not.toHaveProperty('code.coding')
})

test.each([
  [undefined, undefined, undefined],
  ['2026-11-20', { unit: 'days', count: 3 }, 0],
  ['2026-10-24', { unit: 'days', count: 30 }, 0],
  ['2026-10-23', { unit: 'months', count: 1 }, 0],
  ['2024-11-24', { unit: 'months', count: 23 }, 1],
  ['2024-11-23', { unit: 'years', count: 2 }, 2],
  ['1980-05', { unit: 'years', count: 46 }, 46],
  ['1980', { unit: 'years', count: 46 }, 46],
  ['2027-01-01', { unit: 'years', count: 0 }, 0],
])('who was born %s', (birthDate, age, years) => {
  const today = new Date(2026, 10, 23)
  expect([ageOf(birthDate, today), yearsOf(birthDate, today)]).toEqual([age, years])
})

describe('a text that was emptied', () => {
  test('is taken away where it may be left out', () => {
    const medication = corrected(RESOURCES.medication, { title: 'Amlodipin 5 mg', detail: ' ' }, 'Salah tulis')
    expect(medication).not.toHaveProperty('dosageInstruction')
    expect(emptied(RESOURCES.medication, { title: 'Amlodipin 5 mg', detail: ' ' })).toEqual([])
    const vaccine = { ...RESOURCES.immunization, lotNumber: 'A1' }
    expect(corrected(vaccine, { title: 'BCG', detail: '' }, 'Salah tulis')).not.toHaveProperty('lotNumber')
    for (const resource of [medication, corrected(vaccine, { detail: '' }, 'Salah tulis')])
      expect(validateResource(resource)).toMatchObject({ ok: true })
  })

  test('is asked for where nothing would be said without it', () => {
    expect(emptied(RESOURCES.problem, { title: '  ' })).toEqual(['title'])
    expect(emptied(RESOURCES.problem, { title: 'Hipertensi' })).toEqual([])
    const note: FhirResource & { resourceType: 'Observation' } = {
      resourceType: 'Observation',
      id: '10100000042.o9',
      status: 'final',
      code: { text: 'Catatan' },
      valueString: 'Batuk',
    }
    expect(emptied(note, { detail: '' })).toEqual(['detail'])
  })
})
