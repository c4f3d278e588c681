import { LABELS } from '../../../hub/statistics/labels'
import { pathOf, queryIn, rowsOf, saidOf, weeklyRowsOf, weeksBetween } from '../../../hub/web/health/statistics-query'
import { TITLES_ID } from '../../../hub/web/health/titles-id'
import type { Statistics } from '../../../schemas/generated/types'

const statistics = (part: Partial<Statistics>): Statistics => ({
  measure: 'visits',
  from: '2026-11-09',
  to: '2026-11-29',
  by: ['week'],
  rows: [],
  suppressedBelow: 5,
  unlisted: false,
  undated: 0,
  asOf: '2026-11-23T12:00:00.000Z',
  ...part,
})

test.each([
  ['2026-11-23', '2026-11-29', ['2026-W48']],
  ['2026-12-21', '2027-01-10', ['2026-W52', '2026-W53', '2027-W01']],
  ['2024-12-23', '2025-01-05', ['2024-W52', '2025-W01']],
])('from %s to %s are the weeks %j', (from, to, weeks) => expect(weeksBetween(from, to)).toEqual(weeks))

test('a week without a row is one of nothing, but unknown where rows are kept back', () => {
  const rows = [{ week: '2026-W47', count: 12 }]
  expect(rowsOf(statistics({ rows }), 'week').map(({ count }) => count)).toEqual([0, 12, 0])
  expect(rowsOf(statistics({ rows, unlisted: true }), 'week').map(({ count }) => count)).toEqual([null, 12, null])
})

test('a number that is not told is shown after the ones that are', () => {
  const rows = [
    { facility: '102', count: null },
    { facility: '101', count: 9 },
    { facility: '103', count: 40 },
  ]
  const shown = rowsOf(statistics({ rows, by: ['facility'] }), 'facility')
  expect(shown.map(({ key, count }) => [key, count])).toEqual([
    ['103', 40],
    ['101', 9],
    ['102', null],
  ])
})

test('the address of the page is the question, and one of its words that has no meaning is passed over', () => {
  const query = queryIn(new URLSearchParams('measure=visits&by=group&from=2026-11-01&facility=101'))
  expect(query).toEqual({
    measure: 'visits',
    by: 'week',
    from: '2026-11-01',
    to: '',
    facility: '101',
    group: '',
    isWeekly: false,
  })
  expect(pathOf(query)).toBe('/operator/statistics/visits?by=week&from=2026-11-01&facility=101')
  expect(pathOf(queryIn(new URLSearchParams('measure=diagnoses&by=group')), 'csv')).toBe(
    '/operator/statistics/diagnoses?by=group&format=csv',
  )
})

test('one group over the weeks, and every district in each week, are questions too', () => {
  const dengue = 'measure=diagnoses&by=week&group=A92-A99'
  expect(pathOf(queryIn(new URLSearchParams(dengue)))).toBe('/operator/statistics/diagnoses?by=week&group=A92-A99')
  expect(new URLSearchParams(saidOf(queryIn(new URLSearchParams(dengue)))).toString()).toBe(dengue)
  const weekly = queryIn(new URLSearchParams('measure=visits&by=district&group=A92-A99&weekly=1'))
  // Visits have no groups.
  expect(pathOf(weekly)).toBe('/operator/statistics/visits?by=district%2Cweek')
  expect(queryIn(new URLSearchParams('by=week&weekly=1')).isWeekly).toBe(false)
})

test('each district has all of its weeks, the one with the most first', () => {
  const rows = [
    { district: 'Belu', week: '2026-W46', count: 7 },
    { district: 'Alor', week: '2026-W47', count: 30 },
    { district: 'Alor', week: '2026-W48', count: null },
  ]
  const of = statistics({ by: ['district', 'week'], rows })
  expect(weeklyRowsOf(of, 'district')).toEqual({
    weeks: ['2026-W46', '2026-W47', '2026-W48'],
    rows: [
      { key: 'Alor', counts: [0, 30, null] },
      { key: 'Belu', counts: [7, 0, 0] },
    ],
    most: 30,
  })
  expect(weeklyRowsOf({ ...of, unlisted: true }, 'district').rows[1]?.counts).toEqual([7, null, null])
})

test('whatever the hub calls in English has an Indonesian name, and nothing else has', () => {
  expect([...TITLES_ID.keys()].sort()).toEqual([...LABELS.keys()].sort())
})
