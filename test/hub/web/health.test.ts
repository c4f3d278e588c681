import { pathOf, queryIn, rowsOf, weeksBetween } from '../../../hub/web/health/statistics-query'
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
  expect(query).toEqual({ measure: 'visits', by: 'week', from: '2026-11-01', to: '', facility: '101' })
  expect(pathOf(query)).toBe('/operator/statistics/visits?by=week&from=2026-11-01&facility=101')
  expect(pathOf(queryIn(new URLSearchParams('measure=diagnoses&by=group')), 'csv')).toBe(
    '/operator/statistics/diagnoses?by=group&format=csv',
  )
})
