import fc from 'fast-check'
import {
  isPurposeOfUse,
  isReason,
  needsReason,
  PURPOSES_OF_USE,
  type PurposeOfUse,
  reasonFromHeader,
  reasonToHeader,
} from '../../protocol/purpose-of-use'
import '../support/arbitraries'

test.each(['', 'treat', 'TREAT, BTG', 'HMARKT', 'toString', '__proto__', ' TREAT'])(
  'refuses the purpose %j',
  (text) => {
    expect(isPurposeOfUse(text)).toBe(false)
  },
)

test.each(['', '   ', 'two\nlines', 'a\u0000b', 'x'.repeat(501)])('refuses the reason %j', (text) => {
  expect(isReason(text)).toBe(false)
})

test('only breaking the glass needs a reason', () => {
  const purposes = Object.keys(PURPOSES_OF_USE) as PurposeOfUse[]
  expect(purposes.every(isPurposeOfUse)).toBe(true)
  expect(purposes.filter(needsReason)).toEqual(['BTG'])
})

test('a reason in any script passes through a header', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (reason) => {
      const value = reasonToHeader(reason)
      expect(value).toMatch(/^[^\u0100-\uffff]*$/)
      expect(reasonFromHeader(value)).toBe(reason)
    }),
  )
})
