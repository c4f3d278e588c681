import { newTotpSecret, totpStep, totpUri } from '../../../hub/operators/totp'

/** RFC 6238, appendix B, SHA-1: `12345678901234567890`; of its eight digits the last six. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

test.each([
  [59, '287082', 1],
  [1111111109, '081804', 37037036],
  [1111111111, '050471', 37037037],
  [1234567890, '005924', 41152263],
  [2000000000, '279037', 66666666],
  [20000000000, '353130', 666666666],
])('at %d s the code is %s, of step %d', (seconds, code, step) => {
  expect(totpStep(SECRET, code, new Date(seconds * 1000))).toBe(step)
})

test.each([
  ['a step late', 30, 37037036],
  ['a step early', -30, 37037036],
  ['two steps late', 60, undefined],
  ['two steps early', -60, undefined],
])('%s', (_what, offSeconds, step) => {
  expect(totpStep(SECRET, '081804', new Date((1111111109 + offSeconds) * 1000))).toBe(step)
})

test.each(['', '28708', '2870820', '28708a', '２８７０８２', '-87082', '287082\n000000', '000000'])(
  '%j is no code',
  (code) => {
    expect(totpStep(SECRET, code, new Date(59_000))).toBeUndefined()
  },
)

test('as a person reads it off, with a space', () => {
  expect(totpStep(SECRET, '287 082', new Date(59_000))).toBe(1)
})

test('a secret has 160 bits, is another each time, and comes as authenticators read it', () => {
  const secret = newTotpSecret()
  expect(secret).toMatch(/^[A-Z2-7]{32}$/)
  expect(newTotpSecret()).not.toBe(secret)
  const uri = new URL(totpUri(secret, 'siti.rahayu'))
  expect([uri.protocol, uri.host, decodeURIComponent(uri.pathname)]).toEqual([
    'otpauth:',
    'totp',
    '/Lontar:siti.rahayu',
  ])
  expect(Object.fromEntries(uri.searchParams)).toEqual({
    issuer: 'Lontar',
    secret,
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  })
})
