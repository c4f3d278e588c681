import fc from 'fast-check'
import { dayOf, dayText, isoWeekOf, mondayOf, weekOfDay, weekText } from '../../protocol/iso-week'

test.each([
  ['2026-11-23', '2026-W48'],
  ['2026-11-22T23:30:00+07:00', '2026-W47'],
  ['2024-12-30', '2025-W01'],
  ['2027-01-03', '2026-W53'],
  ['2021-01-03', '2020-W53'],
  ['2018-01-01', '2018-W01'],
  ['1969-12-31', '1970-W01'],
  ['2024-02-29', '2024-W09'],
])('%s is in %s', (date, week) => {
  const found = isoWeekOf(date)
  expect(found && weekText(found)).toBe(week)
})

test.each(['2026-02-29', '2026-13-01', '2026-11', '2026', '', '2026-11-23x', '0001-01-01', undefined, 5, null])(
  '%p is no day',
  (date) => {
    expect(isoWeekOf(date)).toBeUndefined()
  },
)

test('property: a week has seven days, the first of which is its Monday, and weeks follow one another', () => {
  fc.assert(
    fc.property(fc.integer({ min: -10_000, max: 60_000 }), (day) => {
      const week = weekOfDay(day)
      const monday = mondayOf(week)
      expect(monday <= day && day < monday + 7).toBe(true)
      expect(new Date(monday * 86_400_000).getUTCDay()).toBe(1)
      expect(weekOfDay(monday + 6)).toEqual(week)
      expect(weekText(weekOfDay(monday + 7)) > weekText(week)).toBe(true)
      expect(dayOf(dayText(day))).toBe(day)
    }),
  )
})
