import { documentsOf, UnusableAnswer } from '../../../edge/import/documents-of'
import { FACILITY_EXTENSION } from '../../../protocol/import-bundle'

const MRN = '10100000042'
const WANTED = { mrn: MRN, externalId: '102' }
const IMPORTED = { hubId: 'hub-1', importedAt: '2026-11-22T08:00:00.000Z' }
const META = { versionId: '3-abc', lastUpdated: '2026-11-22T07:41:03.120Z' }

const patient = (id = MRN, facility = '101', more = {}) => ({
  extension: [{ url: FACILITY_EXTENSION, valueString: facility }],
  resource: { resourceType: 'Patient', id, meta: META, ...more },
})
const entry = (resourceType: string, id: string, more = {}) => ({ resource: { resourceType, id, meta: META, ...more } })
const bundle = (...entries: unknown[]) => ({ resourceType: 'Bundle', type: 'searchset', entry: entries })
const copies = (...entries: unknown[]) => documentsOf(bundle(patient(), ...entries), WANTED, IMPORTED)

describe('takes nothing of', () => {
  test.each([
    ['what is no object', 'text'],
    ['nothing', undefined],
    ['another resource', { resourceType: 'OperationOutcome', issue: [] }],
    ['a Bundle of another type', { ...bundle(patient()), type: 'transaction' }],
    ['a Bundle without entries', { resourceType: 'Bundle', type: 'searchset' }],
    ["a Bundle of another patient's", bundle(patient('10100000059'))],
    ['a Patient without an owner', bundle(entry('Patient', MRN))],
    ['a Patient whose owner does not fit the MRN', bundle(patient(MRN, '102'))],
    ['a Patient whose owner is no external ID', bundle(patient(MRN, '../101'))],
    ['an owner that leaves nine digits', bundle(patient(MRN, '10'))],
  ])('%s', (_what, body) => {
    expect(() => documentsOf(body, WANTED, IMPORTED)).toThrow(UnusableAnswer)
  })
})

describe('leaves out', () => {
  test.each([
    ['what has no id', { resource: { resourceType: 'Observation' } }],
    ['what has no type', { resource: { id: `${MRN}.x` } }],
    ['an id that names no partition', entry('Observation', 'x')],
    ['an id with a colon', entry('Observation', `${MRN}.a:b`)],
    ['an id with a path', entry('Observation', `${MRN}.a/../b`)],
    ['a type that is none', entry('_design', `${MRN}.x`)],
    ['a patient of whom no Patient came', entry('Observation', '1010000000059.x')],
    ['an entry that is no object', 'text'],
    ['a resource that is no object', { resource: 'text' }],
    ['a time of no form', entry('Observation', `${MRN}.x`, { meta: { lastUpdated: 'yesterday' } })],
  ])('%s', (_what, wrong) => {
    expect(copies(wrong).documents.map(({ _id }) => _id)).toEqual([`${MRN}:Patient`])
  })

  test("the facility's own, of which it has the originals", () => {
    const { documents, own } = copies(
      patient('10200000018', '102'),
      entry('Encounter', '10200000018.e1'),
      entry('Practitioner', '102.doctor'),
    )
    expect(documents).toHaveLength(1)
    expect(own).toBe(3)
  })
})

test('a resource becomes a marked copy; version and time stand beside it', () => {
  const { documents } = copies(
    entry('Observation', `${MRN}.01A`, { status: 'final', meta: { ...META, profile: ['urn:p'] } }),
    entry('Practitioner', '101.siti', { active: true }),
  )
  expect(documents).toEqual([
    {
      _id: `${MRN}:Patient`,
      type: 'Patient',
      mrn: MRN,
      facility: '101',
      recordedAt: META.lastUpdated,
      imported: { ...IMPORTED, facility: '101' },
      resource: { resourceType: 'Patient', id: MRN },
    },
    expect.objectContaining({
      _id: `${MRN}:Observation:01A`,
      mrn: MRN,
      resource: { resourceType: 'Observation', id: `${MRN}.01A`, status: 'final', meta: { profile: ['urn:p'] } },
    }),
    {
      _id: '101:Practitioner:siti',
      type: 'Practitioner',
      facility: '101',
      recordedAt: META.lastUpdated,
      imported: { ...IMPORTED, facility: '101' },
      resource: { resourceType: 'Practitioner', id: '101.siti', active: true },
    },
  ])
})

test('a linked record has the owner that its own Patient names', () => {
  const { documents } = copies(patient('10300000017', '103'), entry('Condition', '10300000017.c'))
  expect(documents.map(({ facility, mrn }) => [facility, mrn])).toEqual([
    ['101', MRN],
    ['103', '10300000017'],
    ['103', '10300000017'],
  ])
})

describe('what the hub says of the answer', () => {
  const outcome = (code: string, mode = 'outcome') => ({
    resource: { resourceType: 'OperationOutcome', issue: [{ severity: 'information', code }] },
    search: { mode },
  })

  test('that something is kept back is noted, and is no part of the record', () => {
    const found = copies(outcome('suppressed'))
    expect([found.withheld, found.unusable, found.documents.length]).toEqual([true, 0, 1])
  })

  test.each([
    ['nothing', undefined],
    ['something else', outcome('informational')],
    ['the same, as a part of the record', outcome('suppressed', 'match')],
  ])('%s means that nothing is', (_what, entry) => {
    expect(copies(...(entry ? [entry] : [])).withheld).toBe(false)
  })
})
