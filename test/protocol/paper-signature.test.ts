import fc from 'fast-check'
import { paperKeyOf, paperSignatureOf } from '../../protocol/paper-signature'
import { mrns } from '../support/arbitraries'

const passwords = fc.stringMatching(/^[A-Za-z0-9_-]{43}$/)

test('refuses another MRN and another password', () => {
  fc.assert(
    fc.property(mrns, mrns, passwords, passwords, (a, b, password, other) => {
      const signature = paperSignatureOf(a.mrn, password)
      expect(paperKeyOf(signature, b.mrn, [password]) === 0).toBe(a.mrn === b.mrn)
      expect(paperKeyOf(signature, a.mrn, [other]) === 0).toBe(password === other)
      expect(paperKeyOf(signature, a.mrn, [])).toBeUndefined()
      if (password !== other) expect(paperKeyOf(signature, a.mrn, [other, password])).toBe(1)
    }),
  )
})

test.each(['', 'ff', 'é'.repeat(64), `${'0'.repeat(64)}0`])('refuses %j without a fault', (signature) => {
  expect(paperKeyOf(signature, '10100000042', ['password'])).toBeUndefined()
})

test('is what openssl dgst -sha256 -hmac writes, in either case', () => {
  // printf %s 10100000042 | openssl dgst -sha256 -hmac test
  const signature = '6b02b2012bb90c98c50312cc1760d4eb115f5c7eed8883dce55e09924839af09'
  expect(paperSignatureOf('10100000042', 'test')).toBe(signature)
  expect(paperKeyOf(signature.toUpperCase(), '10100000042', ['test'])).toBe(0)
})
