import {
  csrfTokenOf,
  newSessionToken,
  noSessionCookie,
  sessionCookie,
  sessionTokenOf,
} from '../../../hub/operators/session-cookie'

const TOKEN = 'a'.repeat(43)
const OTHER = 'b'.repeat(43)

test('over TLS it is bound to this host, and nothing but this host reads it', () => {
  expect(sessionCookie(TOKEN, true).split('; ').sort()).toEqual(
    [`__Host-lontar-operator=${TOKEN}`, 'HttpOnly', 'Path=/', 'SameSite=Strict', 'Secure'].sort(),
  )
  expect(sessionCookie(TOKEN, false)).toBe(`lontar-operator=${TOKEN}; Path=/; HttpOnly; SameSite=Strict`)
  expect(noSessionCookie(true)).toMatch(/^__Host-lontar-operator=;.*Max-Age=0$/)
})

test.each([
  ['none', undefined, true, undefined],
  ['an empty one', '', true, undefined],
  ['others', 'theme=dark; lang=id', true, undefined],
  ['ours', `__Host-lontar-operator=${TOKEN}`, true, TOKEN],
  ['ours among others', `theme=dark; __Host-lontar-operator=${TOKEN}; lang=id`, true, TOKEN],
  ['ours without TLS', `lontar-operator=${TOKEN}`, false, TOKEN],
  ['the plain one over TLS, which a neighbour may have set', `lontar-operator=${TOKEN}`, true, undefined],
  ['the other one without TLS', `__Host-lontar-operator=${TOKEN}`, false, undefined],
  ['two of ours', `__Host-lontar-operator=${TOKEN}; __Host-lontar-operator=${OTHER}`, true, undefined],
  ['the same twice', `__Host-lontar-operator=${TOKEN}; __Host-lontar-operator=${TOKEN}`, true, undefined],
  ['another name that ends alike', `x__Host-lontar-operator=${TOKEN}`, true, undefined],
  ['another case', `__host-lontar-operator=${TOKEN}`, true, undefined],
  ['a shorter one', `__Host-lontar-operator=${TOKEN.slice(1)}`, true, undefined],
  ['a longer one', `__Host-lontar-operator=${TOKEN}a`, true, undefined],
  ['one in quotes', `__Host-lontar-operator="${TOKEN}"`, true, undefined],
  ['one with a path in it', `__Host-lontar-operator=../${TOKEN.slice(3)}`, true, undefined],
])('%s', (_what, header, isSecure, expected) => {
  expect(sessionTokenOf(header, isSecure)).toBe(expected)
})

test('a token has 256 bits, and its CSRF token is another that follows from it alone', () => {
  const token = newSessionToken()
  expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/)
  expect(newSessionToken()).not.toBe(token)
  expect(csrfTokenOf(token)).toBe(csrfTokenOf(token))
  expect(csrfTokenOf(token)).not.toBe(csrfTokenOf(OTHER))
  expect(csrfTokenOf(token)).not.toContain(token.slice(0, 8))
})
