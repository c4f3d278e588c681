import { join } from 'node:path'
import type { Bundle, Encounter, FhirResource } from 'fhir/r4'
import { recordOf } from '../../../../edge/web/patient/record'
import { begun, EMPTY_VISIT, obstaclesIn, type VisitForm } from '../../../../edge/web/visit/visit-form'
import { visitTransaction } from '../../../../edge/web/visit/visit-transaction'
import { validateResource } from '../../../../schemas/fhir/validate-resource'
import { askJson, freePort } from '../../../support/ask'
import { type Running, startProgram, temporaryFolder } from '../../../support/processes'

const NOW = new Date('2026-11-22T08:10:00.000Z')
const WORDS = {
  vital: (name: string) => `the ${name}`,
  note: 'Catatan',
  despite: (because: string) => `walau: ${because}`,
}
const FORM: VisitForm = {
  ...begun(EMPTY_VISIT, new Date('2026-11-22T08:00:00.000Z')),
  complaint: 'Batuk tiga hari',
  vitals: { systolic: '120', diastolic: '80', temperature: '37,8', weight: '61.5', height: '  ' },
  diagnoses: [
    { key: '1', code: 'J06.9', title: 'ISPA', isLasting: false },
    { key: '2', title: 'Tekanan darah naik turun', isLasting: true },
  ],
  prescriptions: [
    { key: '1', medicine: 'Parasetamol 500 mg', dosage: '3 x 1', because: '' },
    { key: '2', medicine: 'Jamu', dosage: '', because: 'diminta pasien' },
    { key: '3', medicine: ' ', dosage: '', because: '' },
  ],
  immunizations: [{ key: '1', vaccine: 'BCG', batch: 'B-1' }],
  allergies: [{ key: '1', substance: 'Udang', reaction: 'Gatal', isSevere: true }],
  notes: 'Kontrol bila perlu.',
}

describe('what has to be seen to before a visit is saved', () => {
  const never = () => false
  test.each<[string, Partial<VisitForm>, unknown[]]>([
    ['nothing', {}, [{ kind: 'empty' }]],
    ['spaces', { complaint: ' ', vitals: { pulse: ' ' } }, [{ kind: 'empty' }]],
    [
      'a line that nothing was typed into',
      { prescriptions: [{ key: '1', medicine: '', dosage: ' ', because: '' }] },
      [{ kind: 'empty' }],
    ],
    [
      'how to take a medicine that is not named',
      { prescriptions: [{ key: '1', medicine: '', dosage: '3 x 1', because: '' }] },
      [{ kind: 'nameless', key: '1' }],
    ],
    [
      'a batch of no vaccine',
      { complaint: 'Batuk', immunizations: [{ key: '2', vaccine: ' ', batch: 'B-1' }] },
      [{ kind: 'nameless', key: '2' }],
    ],
    [
      'what happens, and not by what',
      { allergies: [{ key: '3', substance: '', reaction: 'Gatal', isSevere: false }] },
      [{ kind: 'nameless', key: '3' }],
    ],
    ['a diagnosis that was typed and not chosen', { diagnosing: 'demam' }, [{ kind: 'diagnosing' }]],
    ['an impossible value', { vitals: { pulse: '1000' } }, [{ kind: 'vital', name: 'pulse', problem: 'impossible' }]],
    ['an unusual value', { vitals: { pulse: '150' } }, [{ kind: 'vital', name: 'pulse', problem: 'unusual' }]],
    ['an unusual value that is so', { vitals: { pulse: '150' }, sure: { pulse: '150' } }, []],
    [
      'another value than the one that is so',
      { vitals: { pulse: '160' }, sure: { pulse: '150' } },
      [{ kind: 'vital', name: 'pulse', problem: 'unusual' }],
    ],
    ['half a blood pressure', { vitals: { systolic: '120' } }, [{ kind: 'halfPressure' }]],
    ['a complaint', { complaint: 'Batuk' }, []],
    ['all there is', FORM, []],
  ])('%s', (_what, form, obstacles) => {
    expect(obstaclesIn({ ...EMPTY_VISIT, ...form }, 40, never)).toEqual(obstacles)
  })

  test('a medicine that meets an allergy, unless it is said why', () => {
    const prescriptions = [{ key: 'a', medicine: 'Amoksisilin', dosage: '', because: '' }]
    const meets = (medicine: string) => medicine === 'Amoksisilin'
    expect(obstaclesIn({ ...EMPTY_VISIT, prescriptions }, 40, meets)).toEqual([{ kind: 'allergy', key: 'a' }])
    const because = prescriptions.map((one) => ({ ...one, because: 'tidak ada yang lain' }))
    expect(obstaclesIn({ ...EMPTY_VISIT, prescriptions: because }, 40, meets)).toEqual([])
  })
})

describe('the transaction of a visit', () => {
  const resources = (form: VisitForm) =>
    (visitTransaction('10100000018', form, NOW, WORDS).entry ?? []).flatMap(({ resource }) => resource ?? [])

  test('has only valid FHIR, each with an id of its own', () => {
    const all = resources(FORM)
    expect(all.map((resource) => validateResource(resource))).toEqual(all.map((resource) => ({ ok: true, resource })))
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
    expect(all.map(({ resourceType }) => resourceType)).toEqual([
      'Encounter',
      'Condition',
      'Condition',
      'Observation',
      'Observation',
      'Observation',
      'Observation',
      'MedicationRequest',
      'MedicationRequest',
      'Immunization',
      'AllergyIntolerance',
    ])
  })

  test('measures in LOINC and UCUM, the blood pressure as a panel', () => {
    const [panel, temperature] = resources(FORM).filter(({ resourceType }) => resourceType === 'Observation')
    expect(panel).toMatchObject({
      code: { coding: [{ system: 'http://loinc.org', code: '85354-9' }] },
      component: [
        { code: { coding: [{ code: '8480-6' }] }, valueQuantity: { value: 120, code: 'mm[Hg]' } },
        { code: { coding: [{ code: '8462-4' }] }, valueQuantity: { value: 80, system: 'http://unitsofmeasure.org' } },
      ],
    })
    expect(temperature).toMatchObject({
      code: { coding: [{ code: '8310-5' }] },
      valueQuantity: { value: 37.8, code: 'Cel', unit: '°C' },
    })
  })

  test('of the last id there is goes on with the first', () => {
    const { visit = '' } = FORM
    const all = resources({ ...FORM, visit: `${visit.slice(0, -2)}ZZ` })
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
  })

  test('does not end before it began where the clock was set back', () => {
    const [encounter] = resources({ ...FORM, startedAt: '2026-11-22T09:00:00.000Z' })
    const { start = '', end = '' } = (encounter as Encounter).period ?? {}
    expect([Date.parse(start), Date.parse(end)]).toEqual([NOW.getTime(), NOW.getTime()])
  })
})

describe('at a real edge, over HTTP', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let edge: Running
  let mrn: string
  const send = (body: unknown, path = '') =>
    askJson(`${edge.url}/fhir${path}`, undefined, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/fhir+json' },
    })
  const found = async (type: string) => {
    const { body } = await askJson(`${edge.url}/fhir/${type}?patient=${mrn}`, undefined)
    return ((body as Bundle<FhirResource>).entry ?? []).flatMap(({ resource }) => resource ?? [])
  }
  beforeAll(async () => {
    folder = await temporaryFolder()
    const data = join(folder.path, 'edge')
    const env = { EDGE_DATA: data, EDGE_EXTERNAL_ID: '101', HUB_URL: `http://127.0.0.1:${await freePort()}` }
    edge = await startProgram(['edge'], env, 'EDGE_PORT', data)
    const patient = await send(
      { resourceType: 'Patient', name: [{ text: 'Siti' }], birthDate: '1984-03-12' },
      '/Patient',
    )
    mrn = (patient.body as { id: string }).id
  }, 90_000)
  afterAll(async () => {
    await edge.stop()
    await folder.remove()
  })

  test('is saved whole, once however often it is sent, found by search, and in the timeline', async () => {
    const transaction = visitTransaction(mrn, FORM, NOW, WORDS)
    expect((await send(transaction)).status).toBe(200)
    await edge.kill()
    await edge.start()
    expect((await send(transaction)).status).toBe(200)

    const types = ['Encounter', 'Condition', 'Observation', 'MedicationRequest', 'Immunization', 'AllergyIntolerance']
    const all = (await Promise.all(types.map(found))).flat()
    expect(types.map((type) => all.filter(({ resourceType }) => resourceType === type).length)).toEqual([
      1, 2, 4, 2, 1, 1,
    ])
    const record = recordOf({ resourceType: 'Patient' }, all)
    expect(record.loose).toEqual([])
    expect(record.visits.map(({ entry, parts }) => [entry.title, parts.length])).toEqual([['Batuk tiga hari', 10]])
    expect(record.visits[0]?.parts.map(({ detail }) => detail)).toEqual(
      expect.arrayContaining([
        '120/80 mmHg',
        '37.8 °C',
        '61.5 kg',
        'Kontrol bila perlu.',
        '3 x 1',
        'J06.9',
        'B-1',
        'Gatal',
      ]),
    )
  }, 120_000)

  test('with one thing that is not valid leaves nothing', async () => {
    const before = (await found('Encounter')).length
    const form = begun({ ...FORM, visit: '01J9ZK3V5N8Q2W4E6R8T0Y1T00' }, NOW)
    const { entry = [], ...rest } = visitTransaction(mrn, form, NOW, WORDS)
    const spoilt = entry.map((one) => ({ ...one, resource: { ...one.resource, status: 'nothing of FHIR' } }))
    expect((await send({ ...rest, entry: [...entry.slice(0, -1), ...spoilt.slice(0, 1)] })).status).toBeGreaterThan(399)
    expect((await found('Encounter')).length).toBe(before)
  })
})
