import fc from 'fast-check'
import { counterOf, isMrn, luhnCheckDigit, MAX_COUNTER, mrnOf } from '../../protocol/mrn'
import { owns } from '../../protocol/owns'
import { counters, externalIds } from '../support/arbitraries'

test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, MAX_COUNTER + 1])('mints nothing for %p', (counter) => {
  expect(() => mrnOf('101', counter)).toThrow(RangeError)
})

test.each([
  ['a wrong check digit', '101', '10100000043'],
  ["another facility's", '101', '10200000042'],
  ["an older system's seven digits", '101', '1010000004'],
  ['text behind it', '101', '10100000042 '],
  ['an empty text', '101', ''],
])('finds no counter in %s', (_what, externalId, mrn) => {
  expect(counterOf(externalId, mrn)).toBeUndefined()
})

test.each(['', '101', '1010', '10100000', 'a010000000', '1010000000\n', '_design/x', '101 0000000'])(
  'does not take %j for an MRN',
  (text) => {
    expect(isMrn(text)).toBe(false)
  },
)

test('the example of the contract: facility 101, patient 4', () => {
  expect(mrnOf('101', 4)).toBe('10100000042')
})

test.each([
  // ISO/IEC 7812-1, and the usual example of its algorithm
  ['7992739871', '3'],
  ['0000000', '0'],
  ['0000004', '2'],
])('the check digit of %s is %s', (digits, check) => {
  expect(luhnCheckDigit(digits)).toBe(check)
})

test('every counter comes back out of its MRN, which is well-formed and owned', () => {
  fc.assert(
    fc.property(externalIds, counters, (externalId, counter) => {
      const mrn = mrnOf(externalId, counter)
      expect(counterOf(externalId, mrn)).toBe(counter)
      expect(isMrn(mrn)).toBe(true)
      expect(owns(externalId, mrn)).toBe(true)
    }),
  )
})

test('two counters never share an MRN', () => {
  fc.assert(
    fc.property(externalIds, counters, counters, (externalId, a, b) => {
      expect(mrnOf(externalId, a) === mrnOf(externalId, b)).toBe(a === b)
    }),
  )
})

test('one wrong digit is always noticed', () => {
  const slip = fc.record({ at: fc.integer({ min: 0, max: 7 }), by: fc.integer({ min: 1, max: 9 }) })
  fc.assert(
    fc.property(externalIds, counters, slip, (externalId, counter, { at, by }) => {
      const digits = [...mrnOf(externalId, counter).slice(externalId.length)]
      digits[at] = String((Number(digits[at]) + by) % 10)
      expect(counterOf(externalId, externalId + digits.join(''))).toBeUndefined()
    }),
  )
})

test('two neighbours changed over are noticed, but for 09 and 90', () => {
  fc.assert(
    fc.property(externalIds, counters, fc.integer({ min: 0, max: 6 }), (externalId, counter, at) => {
      const digits = [...mrnOf(externalId, counter).slice(externalId.length)]
      const pair = [digits[at] ?? '', digits[at + 1] ?? '']
      fc.pre(pair[0] !== pair[1] && ![...pair].sort().join('').includes('09'))
      digits.splice(at, 2, ...pair.reverse())
      expect(counterOf(externalId, externalId + digits.join(''))).toBeUndefined()
    }),
  )
})
