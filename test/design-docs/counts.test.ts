import { built, callable } from './built'

type Row = [key: (string | number | null)[], value: number[]]
let map: (doc: object) => Row[]

beforeAll(async () => {
  const [doc] = await built('ehr/public-health')
  expect(doc?.options).toEqual({ partitioned: false })
  map = (one) => {
    const rows: Row[] = []
    const emit = (...row: unknown[]) => rows.push(structuredClone(row) as unknown as Row)
    callable(doc?.views?.['counts']?.map, { emit })(one)
    return rows
  }
})

const of = (type: string, resource: object) => map({ _id: 'x', type, mrn: '10100000018', facility: '101', resource })
const keys = (rows: Row[]) => rows.map(([key]) => key)
const coded = (system: string, code: unknown, key = 'code') => ({ [key]: { coding: [{ system, code }] } })
const ICD = 'http://hl7.org/fhir/sid/icd-10'

test('a 1 at the place of the ISO week, in the year of that week', () => {
  expect(of('Encounter', { status: 'finished', period: { start: '2026-01-12T02:00:00Z' } })).toEqual([
    [
      ['visits', 2026, '101'],
      [0, 0, 1],
    ],
  ])
  const newYear = of('Encounter', { status: 'finished', period: { start: '2027-01-03' } })
  expect(newYear).toEqual([
    [
      ['visits', 2026, '101'],
      [...Array(52).fill(0), 1],
    ],
  ])
})

test.each([
  ['arrived', 1],
  ['triaged', 1],
  ['in-progress', 1],
  ['onleave', 1],
  ['finished', 1],
  ['planned', 0],
  ['cancelled', 0],
  ['entered-in-error', 0],
  ['unknown', 0],
  [undefined, 0],
])('an Encounter that is %s is %i visits', (status, visits) => {
  expect(of('Encounter', { status, period: { start: '2026-11-23' } })).toHaveLength(visits)
})

test('a part of a visit is none', () => {
  const partOf = { reference: 'Encounter/1' }
  expect(of('Encounter', { status: 'finished', period: { start: '2026-11-23' }, partOf })).toEqual([])
})

test.each([
  [['confirmed'], 2],
  [[], 2],
  [['refuted'], 0],
  [['provisional'], 0],
  [['differential'], 0],
  [['unconfirmed'], 0],
  [['entered-in-error'], 0],
  [['confirmed', 'entered-in-error'], 0],
])('a Condition that is %j has %i rows', (codes, rows) => {
  const verificationStatus = { coding: codes.map((code) => ({ code })) }
  expect(of('Condition', { recordedDate: '2026-11-23', verificationStatus })).toHaveLength(rows)
})

test.each([
  [coded(ICD, 'J06.9'), 'J00-J06'],
  [coded(`${ICD}-cm`, 'J069'), 'J00-J06'],
  [coded(ICD, 'A91'), 'A92-A99'],
  [coded(ICD, 'W54'), 'V01-X59'],
  [coded('http://snomed.info/sct', 'J06.9'), 'other'],
  [coded(`${ICD}x`, 'J06.9'), 'other'],
  [coded(ICD, 'Siti Rahayu'), 'other'],
  [coded(ICD, 'j06.9'), 'other'],
  [coded(ICD, 5), 'other'],
  [{ code: { text: 'J06.9' } }, 'other'],
  [{}, 'other'],
])('a diagnosis of %j is in the group %s', (code, group) => {
  expect(keys(of('Condition', { ...code, onsetDateTime: '2026-11-23' }))).toEqual([
    ['diagnoses', 2026, '101', group],
    ['diagnoses-by-group', 2026, group, '101'],
  ])
})

test('text that somebody wrote is no group', () => {
  const given = { status: 'completed', occurrenceDateTime: '2026-11-23' }
  const groups = [
    coded('http://hl7.org/fhir/sid/cvx', '20', 'vaccineCode'),
    coded('http://hl7.org/fhir/sid/cvx', 'for Siti Rahayu', 'vaccineCode'),
    coded('http://www.whocc.no/atc', 'J07BN', 'vaccineCode'),
    coded('http://www.whocc.no/atc', 'N02BE01', 'vaccineCode'),
    { vaccineCode: { text: 'Siti’s vaccine' } },
  ].map((vaccine) => of('Immunization', { ...given, ...vaccine })[0]?.[0][3])
  expect(groups).toEqual(['cvx:20', 'other', 'atc:J07BN', 'other', 'other'])
})

test('a dose that was not given, or that another facility gave, does not count', () => {
  const given = { occurrenceDateTime: '2026-11-23' }
  expect(of('Immunization', { ...given, status: 'not-done' })).toEqual([])
  expect(of('Immunization', { ...given, status: 'entered-in-error' })).toEqual([])
  expect(of('Immunization', { ...given, status: 'completed', primarySource: false })).toEqual([])
  expect(of('Immunization', { ...given, status: 'completed', primarySource: true })).toHaveLength(2)
})

test('somebody is born once, however many records there are; a death counts where it was written down', () => {
  const patient = { birthDate: '2026-11-23', deceasedDateTime: '2026-11-24T01:00:00+09:00' }
  const linked = (type: string) => ({ ...patient, link: [{ type, other: { reference: 'Patient/10200000017' } }] })
  const measures = (resource: object) => keys(of('Patient', resource)).map(([measure]) => measure)
  expect(measures(patient)).toEqual(['births', 'deaths'])
  expect(measures(linked('replaces'))).toEqual(['births', 'deaths'])
  expect(measures(linked('seealso'))).toEqual(['deaths'])
  expect(measures(linked('refer'))).toEqual(['deaths'])
  expect(measures(linked('replaced-by'))).toEqual([])
})

test('what has no day is under no year', () => {
  expect(keys(of('Encounter', { status: 'finished' }))).toEqual([['visits', null, '101']])
  expect(keys(of('Patient', { birthDate: '2026-11', deceasedBoolean: true }))).toEqual([
    ['births', null, '101'],
    ['deaths', null, '101'],
  ])
  expect(keys(of('Encounter', { status: 'finished', period: { start: '2026-02-30' } }))).toEqual([
    ['visits', null, '101'],
  ])
})

test('where a facility is, by its own documents alone', () => {
  const own = (type: string, resource: object) => keys(map({ _id: 'x', type, facility: '101', resource }))
  const itself = { system: 'https://lontar.health/external-id', value: '101' }
  const address = { district: 'Ende' }
  expect(own('Organization', { identifier: [itself], address: [address] })).toEqual([['district', '101', 0, 'Ende']])
  expect(own('Location', { address })).toEqual([['district', '101', 1, 'Ende']])
  expect(own('Organization', { identifier: [{ ...itself, value: '102' }], address: [address] })).toEqual([])
  expect(own('Organization', { address: [address] })).toEqual([])
  expect(own('Location', { address: { district: '' } })).toEqual([])
})

test.each([
  ['another type', { type: 'Observation', mrn: '1', facility: '101', resource: { status: 'final' } }],
  ['no resource', { type: 'Encounter', mrn: '1', facility: '101' }],
  ['no facility', { type: 'Encounter', mrn: '1', resource: { status: 'finished' } }],
  ['a resource of a wrong form', { type: 'Patient', mrn: '1', facility: '101', resource: [] }],
  ['a design document', { _id: '_design/x' }],
])('is silent about %s', (_what, doc) => {
  expect(map(doc)).toEqual([])
})
