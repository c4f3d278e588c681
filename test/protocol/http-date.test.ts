import fc from 'fast-check'
import { parseHttpDate } from '../../protocol/http-date'
import '../support/arbitraries'

test.each([
  '',
  '5',
  '2026-11-22T07:41:03.120Z',
  'Sun, 22 Nov 2026 07:41:03',
  'Sun, 22 Nov 2026 07:41:03 UTC',
  'Sun, 22 Nov 2026 24:41:03 GMT',
  'Sat, 31 Feb 2026 07:41:03 GMT',
  'Mon, 22 Nov 2026 07:41:03 GMT',
  'Sunday, 22-Nov-26 07:41:03 GMT',
  'Sun Nov 22 07:41:03 2026',
  'Sun, 22 Nov 2026 07:41:03 GMT, Sun, 22 Nov 2026 07:41:03 GMT',
])('refuses %j', (text) => {
  expect(parseHttpDate(text)).toBeUndefined()
})

test('reads back every second that toUTCString writes', () => {
  const moments = fc.date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  fc.assert(
    fc.property(moments, (moment) => {
      expect(parseHttpDate(moment.toUTCString())).toBe(Math.floor(moment.getTime() / 1000) * 1000)
    }),
  )
})
