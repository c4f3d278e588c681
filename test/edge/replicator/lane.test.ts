import { type LaneDocument, laneOf } from '../../../edge/replicator/lane'
import { localDayOf } from '../../../edge/replicator/local-day'

/** Moments by the clock on the wall, whatever the zone of the machine. */
const NOW = new Date(2026, 0, 15, 9, 30)
const TODAY = new Date(2026, 0, 15, 0, 0, 0, 1).toISOString()
const YESTERDAY = new Date(2026, 0, 14, 23, 59, 59, 999).toISOString()
const TOMORROW = new Date(2026, 0, 16, 1).toISOString()

const today = (type: string, resource: object = {}, more: Partial<LaneDocument> = {}): LaneDocument => ({
  type,
  recordedAt: TODAY,
  resource,
  ...more,
})

describe('R22: in the urgent lane goes', () => {
  test.each<[string, LaneDocument]>([
    ['a patient of today', today('Patient')],
    ['an observation of today', today('Observation')],
    ['an allergy of today', today('AllergyIntolerance')],
    ['a prescription of today', today('MedicationRequest', { authoredOn: '2026-01-15' })],
    ['a condition of today that began long ago', today('Condition', { onsetDateTime: '1999', recordedDate: TODAY })],
    ['an encounter that goes on', today('Encounter', { period: { start: YESTERDAY } })],
    ['an encounter that ended today', today('Encounter', { period: { start: YESTERDAY, end: TODAY } })],
    ['an observation of this year, said no better', today('Observation', { effectiveDateTime: '2026' })],
    ['an observation of this month, said no better', today('Observation', { effectiveDateTime: '2026-01' })],
    ['what a clock that was ahead has recorded', { ...today('Observation'), recordedAt: TOMORROW }],
    ['a loaded patient who is changed here', today('Patient', {}, { sourceId: 'Patient/x', _rev: '2-a' })],
  ])('%s', (_what, document) => expect(laneOf(document, NOW)).toBe('urgent'))
})

describe('R22: in the lane of history goes', () => {
  test.each<[string, LaneDocument]>([
    ['what was recorded yesterday', { ...today('Observation'), recordedAt: YESTERDAY }],
    ['an observation that was made yesterday', today('Observation', { effectiveDateTime: YESTERDAY })],
    ['an observation of an older day', today('Observation', { effectiveDateTime: '2015-02-07' })],
    ['an observation of an older year', today('Observation', { effectiveDateTime: '2015' })],
    ['an observation over an older time', today('Observation', { effectivePeriod: { end: '2015-02-07' } })],
    ['an observation at a time that is none', today('Observation', { effectiveDateTime: '2026-99-99T77:00' })],
    ['an old prescription', today('MedicationRequest', { authoredOn: '2015-02-07T10:00:00+09:00' })],
    ['an old condition', today('Condition', { recordedDate: '2015-02-07' })],
    ['an old allergy', today('AllergyIntolerance', { recordedDate: '2015-02-07' })],
    ['an encounter that ended before', today('Encounter', { period: { start: '2015', end: '2015' } })],
    ['a patient out of a file', today('Patient', {}, { sourceId: 'Patient/x', _rev: '1-a' })],
    ['an image', today('Media')],
    ['a location', today('Location')],
    ['a type that is a name of JavaScript', today('constructor')],
    ['a tombstone', { _rev: '2-a' }],
  ])('%s', (_what, document) => expect(laneOf(document, NOW)).toBe('history'))
})

test('a local day is that of the clock on the wall', () => {
  expect(localDayOf(new Date(2026, 0, 5, 23, 59))).toBe('2026-01-05')
  expect(localDayOf(new Date(2026, 11, 31, 0, 0))).toBe('2026-12-31')
})

describe('R22: the types that the operator of the hub names', () => {
  const noon = new Date(2026, 10, 23, 12)
  const at = noon.toISOString()
  const of = (type: string, resource: object = {}) => ({ type, recordedAt: at, resource })

  test.each<[string, string[], object, string]>([
    ['go first', ['Immunization'], of('Immunization', { occurrenceDateTime: at }), 'urgent'],
    [
      'go first if they happened today',
      ['Immunization'],
      of('Immunization', { occurrenceDateTime: '2015-02-07' }),
      'history',
    ],
    ['are the only ones', ['Immunization'], of('Patient'), 'history'],
    ['are none at all where none is named', [], of('Patient'), 'history'],
    ['are no others than the edge has a rule for', ['Basic', 'constructor'], of('Basic'), 'history'],
  ])('%s', (_what, types, document, lane) => {
    expect(laneOf(document, noon, types)).toBe(lane)
  })

  test('are what a waiting patient needs where none are named', () => {
    expect([laneOf(of('Patient'), noon), laneOf(of('Immunization'), noon)]).toEqual(['urgent', 'history'])
  })
})
