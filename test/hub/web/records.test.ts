import type { Bundle, FhirResource } from 'fhir/r4'
import { asHeader, recordsIn } from '../../../hub/web/records/record-in'

const BUNDLE: Bundle<FhirResource> = {
  resourceType: 'Bundle',
  type: 'searchset',
  entry: [
    { resource: { resourceType: 'Patient', id: '20200000017', name: [{ text: 'Siti R.' }] } },
    {
      resource: {
        resourceType: 'Patient',
        id: '10100000018',
        name: [{ given: ['Siti'], family: 'Rahayu' }],
        gender: 'female',
      },
    },
    {
      resource: {
        resourceType: 'Observation',
        id: '10100000018.01A',
        status: 'final',
        code: { text: 'Body weight' },
        effectiveDateTime: '2026-11-20',
        valueQuantity: { value: 61.5, unit: 'kg' },
      },
    },
    {
      resource: {
        resourceType: 'Observation',
        id: '10100000018.01B',
        status: 'entered-in-error',
        code: { coding: [{ code: '8310-5', display: 'Temperature' }] },
        effectiveDateTime: '2026-11-21',
      },
    },
    {
      resource: {
        resourceType: 'AllergyIntolerance',
        id: '10100000018.01C',
        patient: { reference: 'Patient/10100000018' },
        code: { text: 'Penisilin' },
      },
    },
  ],
}

test('the record that was asked for comes first, and allergies before everything else', () => {
  const { records, isPartial } = recordsIn(BUNDLE, '10100000018')
  expect(records.map(({ mrn, name }) => [mrn, name])).toEqual([
    ['10100000018', 'Siti Rahayu'],
    ['20200000017', 'Siti R.'],
  ])
  expect(records[0]?.groups.map(({ type }) => type)).toEqual(['AllergyIntolerance', 'Observation'])
  expect(records[1]?.groups).toEqual([])
  expect(isPartial).toBe(false)
})

test('the newest stands first, with its value, and a mistake as one', () => {
  const rows = recordsIn(BUNDLE, '10100000018').records[0]?.groups[1]?.rows
  expect(rows).toEqual([
    { id: '10100000018.01B', title: 'Temperature', at: '2026-11-21', isCancelled: true },
    { id: '10100000018.01A', title: 'Body weight', detail: '61.5 kg', at: '2026-11-20', isCancelled: false },
  ])
})

test('an outcome among the entries says that something was kept back', () => {
  const outcome = {
    resource: { resourceType: 'OperationOutcome' as const, issue: [] },
    search: { mode: 'outcome' as const },
  }
  expect(recordsIn({ ...BUNDLE, entry: [...(BUNDLE.entry ?? []), outcome] }, '1').isPartial).toBe(true)
})

test('a reason goes out as the bytes of its UTF-8, in one line', () => {
  const header = asHeader('Pasien tak sadar –\n dirujuk ')
  expect(Buffer.from(header, 'latin1').toString('utf8')).toBe('Pasien tak sadar – dirujuk')
})
