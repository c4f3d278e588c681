import { dateTestOf, rangeOf, rangesIn } from '../../../edge/fhir/date-range'

const utc = (text: string) => Date.parse(text)

test.each([
  '',
  'soon',
  '2026-13',
  '2026-00-01',
  '2026-01-32',
  '2026-01-01T24:00:00Z',
  '26-01-01',
  '2026-01-01 10:00',
  '20260101',
])('refuses %p', (text) => {
  expect(rangeOf(text)).toBeUndefined()
  expect(() => dateTestOf(text)).toThrow('A date is searched as')
})

test('a date is the whole of its day, month or year, at the place of the machine', () => {
  expect(rangeOf('2026')).toEqual({ low: new Date(2026, 0, 1).getTime(), high: new Date(2027, 0, 1).getTime() - 1 })
  expect(rangeOf('2026-12')).toEqual({ low: new Date(2026, 11, 1).getTime(), high: new Date(2027, 0, 1).getTime() - 1 })
  expect(rangeOf('2024-02-29')).toEqual({
    low: new Date(2024, 1, 29).getTime(),
    high: new Date(2024, 2, 1).getTime() - 1,
  })
  expect(rangeOf('0099-01-01')?.low).toBe(new Date(99, 0, 1).setFullYear(99))
})

test('a time is a moment, a minute or a second, in its zone', () => {
  expect(rangeOf('2026-11-22T14:41:03.120+07:00')).toEqual({
    low: utc('2026-11-22T07:41:03.120Z'),
    high: utc('2026-11-22T07:41:03.120Z'),
  })
  expect(rangeOf('2026-11-22T07:41:03Z')).toEqual({
    low: utc('2026-11-22T07:41:03Z'),
    high: utc('2026-11-22T07:41:03.999Z'),
  })
  expect(rangeOf('2026-11-22T07:41-03:30')).toEqual({
    low: utc('2026-11-22T11:11:00Z'),
    high: utc('2026-11-22T11:11:59.999Z'),
  })
})

test('periods may be open at an end; what is no date has no range', () => {
  expect(rangesIn({ start: '2026-01-01T00:00:00Z' })).toEqual([
    { low: utc('2026-01-01T00:00:00Z'), high: Number.POSITIVE_INFINITY },
  ])
  expect(rangesIn({ end: '2026-01-01T00:00:00Z' })[0]?.low).toBe(Number.NEGATIVE_INFINITY)
  expect(rangesIn({ event: ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'] })).toHaveLength(2)
  expect(rangesIn({ repeat: { boundsPeriod: { start: '2026' } } })).toHaveLength(1)
  for (const nothing of [undefined, null, 7, {}, { start: 7 }, { repeat: {} }, 'x'])
    expect(rangesIn(nothing)).toEqual([])
})
