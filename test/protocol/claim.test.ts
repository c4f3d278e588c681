import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { hashOfClaim, isClaim, pairingCodeOf } from '../../protocol/claim'
import '../support/arbitraries'

const claims = fc.stringMatching(/^[A-Za-z0-9_-]{43}$/)
const hashes = fc.stringMatching(/^[0-9a-f]{64}$/)

test('refuses every claim but the one', () => {
  fc.assert(
    fc.property(claims, claims, (claim, other) => {
      expect(isClaim(other, hashOfClaim(claim))).toBe(other === claim)
    }),
  )
})

test.each(['', 'short', 'x'.repeat(200)])('refuses a claim against the hash %j without a fault', (claimHash) => {
  expect(isClaim('claim', claimHash)).toBe(false)
})

test("hashes the claim's characters as they stand", () => {
  const claim = 'AAAA'
  expect(hashOfClaim(claim)).toBe(createHash('sha256').update('AAAA', 'ascii').digest('hex'))
})

test('a pairing code is eight characters that nobody mistakes on the phone', () => {
  fc.assert(
    fc.property(hashes, (hash) => {
      expect(pairingCodeOf(hash)).toMatch(/^[0-9A-HJKMNP-TV-Z]{8}$/)
    }),
  )
})

test('it is the first 40 bits of the hash and nothing more', () => {
  fc.assert(
    fc.property(hashes, hashes, (a, b) => {
      expect(pairingCodeOf(a) === pairingCodeOf(b)).toBe(a.slice(0, 10) === b.slice(0, 10))
      expect(pairingCodeOf(a)).toBe(pairingCodeOf(a.slice(0, 10) + b.slice(10)))
    }),
  )
})

test.each([
  ['0000000000', '00000000'],
  ['ffffffffff', 'ZZZZZZZZ'],
  ['00443214c7', '01234567'],
])('%s… is %s', (start, code) => {
  expect(pairingCodeOf(start.padEnd(64, '0'))).toBe(code)
})
