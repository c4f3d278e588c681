import { FREE_TRIES } from '../../../hub/operators/tries'
import { askJson } from '../../support/ask'
import { type RunningHub, startHub } from '../../support/hub'

const hubs: RunningHub[] = []
const started = async (env: Record<string, string>) => {
  const hub = await startHub(env)
  hubs.push(hub)
  return hub
}
afterEach(async () => {
  for (const hub of hubs.splice(0)) await hub.remove()
})

const signIn = (hub: RunningHub, headers: Record<string, string> = {}, password = hub.operatorPassword) =>
  askJson(`${hub.url}/operator/session`, undefined, { method: 'POST', body: { name: 'operator', password }, headers })

describe('a hub as it runs', () => {
  test('without TLS gives the plain cookie, and over a proxy that it trusts the one that is bound to the host', async () => {
    const hub = await started({ HUB_TRUST_PROXY: '1' })
    const cookie = async (headers: Record<string, string>) => (await signIn(hub, headers)).headers.get('set-cookie')
    expect(await cookie({})).toMatch(/^lontar-operator=[^;]{43}; Path=\/; HttpOnly; SameSite=Strict$/)
    expect(await cookie({ 'x-forwarded-proto': 'https' })).toMatch(/^__Host-lontar-operator=.*; Secure$/)
  }, 90_000)

  test('whose public address is https gives the bound one, takes its own page and no other, and signs out', async () => {
    const hub = await started({ HUB_PUBLIC_URL: 'https://hub.example.org', HUB_SESSION_IDLE_MINUTES: '5' })
    const origin = 'https://hub.example.org'
    const { headers, body } = await signIn(hub, { origin })
    const { csrfToken, idleUntil } = body as { csrfToken: string; idleUntil: string }
    expect(Math.abs(Date.parse(idleUntil) - Date.now() - 5 * 60_000)).toBeLessThan(60_000)
    const cookie = headers.get('set-cookie')?.split(';')[0] ?? ''
    expect(cookie).toMatch(/^__Host-/)
    const out = (more: Record<string, string>) =>
      askJson(`${hub.url}/operator/session`, undefined, { method: 'DELETE', headers: { cookie, ...more } })
    expect((await out({ origin })).body).toMatchObject({ error: 'CSRF' })
    const foreign = { origin: 'https://elsewhere.example', 'x-csrf-token': csrfToken }
    expect((await out(foreign)).body).toMatchObject({ error: 'FORBIDDEN' })
    expect((await out({ origin, 'x-csrf-token': csrfToken })).status).toBe(204)
    expect((await out({ origin, 'x-csrf-token': csrfToken })).body).toMatchObject({ error: 'SIGNED_OUT' })
  }, 90_000)

  test('counts tries by the address that a trusted proxy tells, and by no other', async () => {
    const hub = await started({ HUB_TRUST_PROXY: '1', HUB_RATE_FAILURES: '100000' })
    const from = (address: string) => ({ 'x-forwarded-for': `10.9.9.9, ${address}` })
    const codes = new Set<unknown>()
    for (let n = 0; n < FREE_TRIES.first + 3; n++) {
      // What a caller writes in front is his own invention.
      const headers = { 'x-forwarded-for': `10.0.0.${n}, 192.0.2.7` }
      codes.add(((await signIn(hub, headers, 'wrong')).body as { error: string }).error)
    }
    expect([...codes]).toEqual(['UNAUTHENTICATED', 'LOCKED'])
    expect((await signIn(hub, from('192.0.2.7'))).status).toBe(401)
    expect((await signIn(hub, from('192.0.2.8'))).status).toBe(200)
  }, 90_000)
})
