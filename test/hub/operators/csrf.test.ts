import { basic } from '../../support/ask'
import { startCouch, type TestCouch } from '../../support/couch'
import { Browser } from './browser'
import { FIRST_PASSWORD, type OperatorGateway, startOperatorGateway } from './serve-operators'

let store: TestCouch
let plain: OperatorGateway
let secure: OperatorGateway
const PUBLIC_URL = 'https://hub.example.org'

beforeAll(async () => {
  store = await startCouch()
  plain = await startOperatorGateway(store)
  secure = await startOperatorGateway(store, { isSecure: true, publicUrl: PUBLIC_URL })
})
afterAll(async () => {
  await plain?.stop()
  await secure?.stop()
  await store?.stop()
})

async function signedIn(gateway = plain): Promise<Browser> {
  const browser = new Browser(gateway)
  const body = { name: 'operator', password: FIRST_PASSWORD }
  const answer = await gateway.ask('/operator/session', { body })
  browser.cookie = answer.cookies[0]?.split(';')[0]
  browser.csrfToken = String(answer.body['csrfToken'])
  return browser
}

describe('a change that comes with a session', () => {
  const sent = async (headers: Record<string, string>, cookie = true) => {
    const browser = await signedIn()
    const all = { ...(cookie && { cookie: browser.cookie ?? '' }), ...headers }
    return plain.ask('/operator/rekey', { method: 'POST', body: {}, headers: all })
  }

  test.each<[string, Record<string, string>]>([
    ['no token', {}],
    ['an empty token', { 'x-csrf-token': '' }],
    ['a made-up token', { 'x-csrf-token': 'x'.repeat(43) }],
    ['a token as a query or a field has it', { 'csrf-token': 'x'.repeat(43) }],
  ])('is refused with %s', async (_what, headers) => {
    expect(await sent(headers)).toMatchObject({ status: 403, code: 'CSRF' })
  })

  test('is refused with the token of another session of the same person', async () => {
    const [one, other] = [await signedIn(), await signedIn()]
    const headers = { cookie: one.cookie ?? '', 'x-csrf-token': other.csrfToken }
    expect(await plain.ask('/operator/rekey', { body: {}, headers })).toMatchObject({ status: 403, code: 'CSRF' })
  })

  test.each([
    ['another site', 'https://elsewhere.example'],
    ['a page without an origin of its own', 'null'],
    ['another port of this machine', 'http://127.0.0.1:1'],
    ['a name that begins with ours', 'http://127.0.0.1.elsewhere.example'],
    ['an origin that is none', 'x'],
  ])('is refused from %s, also with the right token', async (_what, origin) => {
    const browser = await signedIn()
    for (const method of ['POST', 'GET']) {
      const path = method === 'POST' ? '/operator/rekey' : '/operator/nodes'
      const answer = await browser.ask(path, { method, ...(method === 'POST' && { body: {} }), headers: { origin } })
      expect(answer).toMatchObject({ status: 403, code: 'FORBIDDEN' })
    }
  })

  test('by a form is refused, whichever way a form can be sent', async () => {
    const browser = await signedIn()
    for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']) {
      const response = await fetch(`${plain.url}/operator/rekey`, {
        method: 'POST',
        headers: { cookie: browser.cookie ?? '', 'content-type': type },
        body: '{}',
      })
      expect([response.status, ((await response.json()) as { error: string }).error]).toEqual([403, 'CSRF'])
    }
  })

  test('goes through from the own page with the own token, and from a program without an Origin', async () => {
    const browser = await signedIn()
    expect((await browser.ask('/operator/rekey', { body: {} })).status).toBe(200)
    const headers = { cookie: browser.cookie ?? '', 'x-csrf-token': browser.csrfToken }
    expect((await plain.ask('/operator/rekey', { body: {}, headers })).status).toBe(200)
  })

  test('signing out is one: no page can sign somebody out', async () => {
    const browser = await signedIn()
    const headers = { cookie: browser.cookie ?? '' }
    expect(await plain.ask('/operator/session', { method: 'DELETE', headers })).toMatchObject({ code: 'CSRF' })
    expect(await browser.who()).toBe('operator')
  })
})

test('no page of another site signs its visitor in as somebody', async () => {
  const body = { name: 'operator', password: FIRST_PASSWORD }
  const answer = await plain.ask('/operator/session', { body, headers: { origin: 'https://elsewhere.example' } })
  expect([answer.status, answer.code, answer.cookies]).toEqual([403, 'FORBIDDEN', []])
})

test('a browser that has the password by itself (Basic) sends no page of another site along', async () => {
  const authorization = basic('operator', FIRST_PASSWORD)
  const asked = { body: {}, authorization, headers: { origin: 'https://elsewhere.example' } }
  expect(await plain.ask('/operator/rekey', asked)).toMatchObject({ status: 403, code: 'FORBIDDEN' })
})

describe('over TLS', () => {
  test('the cookie is bound to the host, and the plain name of the same session is nobody', async () => {
    const browser = await signedIn(secure)
    expect(browser.cookie).toMatch(/^__Host-lontar-operator=/)
    const headers = { cookie: (browser.cookie ?? '').replace('__Host-', '') }
    expect(await secure.ask('/operator/nodes', { headers })).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' })
  })

  test('a page of the same host without TLS is another site: on the way it can be anybody’s', async () => {
    const browser = await signedIn(secure)
    const at = async (origin: string) =>
      (await browser.ask('/operator/rekey', { body: {}, headers: { origin } })).status
    expect(await at(secure.url)).toBe(403)
    expect(await at(secure.url.replace('http:', 'https:'))).toBe(200)
    expect(await at(PUBLIC_URL)).toBe(200)
    expect(await at(PUBLIC_URL.replace('https:', 'http:'))).toBe(403)
  })
})

test('a script of a page is not asked for a password by its browser, a person at the address bar is', async () => {
  const challenge = async (headers: Record<string, string>) =>
    (await plain.ask('/operator/nodes', { headers })).header('www-authenticate')
  const script = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }
  expect(await challenge({})).toMatch(/^Basic /)
  expect(await challenge({ 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' })).toMatch(/^Basic /)
  expect(await challenge(script)).toBe('Session realm="lontar"')
  expect(await challenge({ cookie: `lontar-operator=${'x'.repeat(43)}` })).toBe('Session realm="lontar"')
  const wrong = await plain.ask('/operator/session', { body: { name: 'siti', password: 'x' }, headers: script })
  expect([wrong.status, wrong.header('www-authenticate')]).toEqual([401, 'Session realm="lontar"'])
})
