import { MOST_SESSIONS, NOTED_EVERY_MS } from '../../../hub/operators/sessions'
import { hashOfSecret } from '../../../runtime/same-secret'
import { startCouch, type TestCouch } from '../../support/couch'
import { Browser } from './browser'
import { Clock, dumpOf, FIRST_PASSWORD, type OperatorGateway, startOperatorGateway, TIMES } from './serve-operators'

let store: TestCouch
let one: OperatorGateway
let two: OperatorGateway
const clock = new Clock()
const PASSWORD = 'empat kuda di pantai'

beforeAll(async () => {
  store = await startCouch()
  one = await startOperatorGateway(store, { clock })
  two = await startOperatorGateway(store, { clock })
})
afterAll(async () => {
  await one?.stop()
  await two?.stop()
  await store?.stop()
})

let accounts = 0
/** An account of its own for each test. */
async function someone(role = 'operator'): Promise<string> {
  const name = `person${++accounts}`
  const { status } = await one.first('/operator/operators', { body: { name, role, password: PASSWORD } })
  expect(status).toBe(201)
  return name
}

async function signedIn(name: string, password = PASSWORD, gateway = one): Promise<Browser> {
  const browser = new Browser(gateway)
  expect(await browser.signIn(name, password)).toMatchObject({ status: 200 })
  return browser
}

describe('refuses', () => {
  test.each([
    ['no cookie', undefined, 'UNAUTHENTICATED'],
    ['a made-up one', `lontar-operator=${'x'.repeat(43)}`, 'SIGNED_OUT'],
    ['one that is no token', 'lontar-operator=operator', 'UNAUTHENTICATED'],
    ['the id of a document', `lontar-operator=${'0'.repeat(43)}`, 'SIGNED_OUT'],
  ])('%s', async (_what, cookie, code) => {
    const browser = Object.assign(new Browser(one), { cookie })
    expect(await browser.ask('/operator/nodes')).toMatchObject({ status: 401, code })
  })

  test('what the database holds of a session: only the hash of its token is there', async () => {
    const browser = await signedIn(await someone())
    const token = browser.cookie?.split('=')[1] ?? ''
    const dump = await dumpOf(store, 'node_security')
    expect(dump).toContain(`session:${hashOfSecret(token)}`)
    expect(dump).not.toContain(token)
    expect(dump).not.toContain(browser.csrfToken)
    const thief = Object.assign(new Browser(one), { cookie: `lontar-operator=${hashOfSecret(token).slice(0, 43)}` })
    expect(await thief.who()).toBe('SIGNED_OUT')
  })

  test('a replay of a signed-out cookie, at every gateway', async () => {
    const browser = await signedIn(await someone())
    const [copy, elsewhere] = [browser.at(one), browser.at(two)]
    expect(await elsewhere.who()).toBe(await browser.who())
    const left = await browser.signOut()
    expect([left.status, left.cookies]).toEqual([204, [expect.stringMatching(/^lontar-operator=;.*Max-Age=0$/)]])
    expect([await copy.who(), await elsewhere.who()]).toEqual(['SIGNED_OUT', 'SIGNED_OUT'])
  })

  test('fixation: a session that was there before is not the one that signing in begins, and it ends', async () => {
    const name = await someone()
    // Somebody puts a session of his own, or one that he made up, into the victim's browser.
    const attacker = await signedIn(await someone('viewer'))
    for (const planted of [attacker.cookie, `lontar-operator=${'y'.repeat(43)}`]) {
      const victim = Object.assign(new Browser(one), { cookie: planted })
      await victim.signIn(name, PASSWORD)
      expect(victim.cookie).not.toBe(planted)
      const watcher = Object.assign(new Browser(one), { cookie: planted })
      expect([await victim.who(), await watcher.who()]).toEqual([name, 'SIGNED_OUT'])
    }
  })

  test('a cookie of another hub', async () => {
    const otherStore = process.env['COUCHDB_URL'] ? undefined : await startCouch()
    if (!otherStore) return
    const other = await startOperatorGateway(otherStore, { clock })
    const there = await signedIn('operator', FIRST_PASSWORD, other)
    expect(await there.who()).toBe('operator')
    expect(await there.at(one).who()).toBe('SIGNED_OUT')
    await other.stop()
    await otherStore.stop()
  })
})

describe('expires', () => {
  test('when it was idle for so long, at the very millisecond, at every gateway', async () => {
    const name = await someone()
    const browser = await signedIn(name)
    clock.pass(TIMES.idleMs - 1)
    expect(await browser.at(two).who()).toBe(name)
    clock.pass(TIMES.idleMs - 1)
    expect(await browser.who()).toBe(name)
    clock.pass(TIMES.idleMs)
    expect([await browser.who(), await browser.at(two).who()]).toEqual(['SIGNED_OUT', 'SIGNED_OUT'])
  })

  test('at its absolute end, however busy it was', async () => {
    const name = await someone()
    const browser = await signedIn(name)
    const step = TIMES.idleMs / 2
    for (let passed = step; passed < TIMES.absoluteMs; passed += step) {
      clock.pass(step)
      expect(await browser.who()).toBe(name)
    }
    clock.pass(step - 1)
    expect(await browser.who()).toBe(name)
    clock.pass(1)
    expect(await browser.who()).toBe('SIGNED_OUT')
  })

  test('says before when it will', async () => {
    const browser = await signedIn(await someone())
    const { body } = await browser.ask('/operator/session')
    expect(body).toMatchObject({
      idleUntil: new Date(clock.ms + TIMES.idleMs).toISOString(),
      endsAt: new Date(clock.ms + TIMES.absoluteMs).toISOString(),
    })
  })

  test('its last use is written once a minute at most', async () => {
    const browser = await signedIn(await someone())
    const id = `session:${hashOfSecret(browser.cookie?.split('=')[1] ?? '')}`
    const revisions = async () => {
      const rows = JSON.parse(await dumpOf(store, 'node_security')) as { id: string; value: { rev: string } }[]
      return rows.find((row) => row.id === id)?.value.rev.split('-')[0]
    }
    clock.pass(NOTED_EVERY_MS - 1)
    for (let i = 0; i < 5; i++) await browser.who()
    expect(await revisions()).toBe('1')
    clock.pass(1)
    await Promise.all([browser.who(), browser.at(two).who(), browser.who()])
    expect(await revisions()).toBe('2')
  })

  test('ended sessions are cleared away when somebody signs in', async () => {
    const browsers = [await signedIn(await someone()), await signedIn(await someone())]
    clock.pass(TIMES.idleMs)
    await signedIn(await someone())
    const dump = await dumpOf(store, 'node_security')
    for (const { cookie } of browsers) expect(dump).not.toContain(hashOfSecret(cookie?.split('=')[1] ?? ''))
  })

  test(`an account has ${MOST_SESSIONS} at most, and the one that was not used for longest makes room`, async () => {
    const oldest = await signedIn('operator', FIRST_PASSWORD)
    clock.pass(1)
    const others: Browser[] = []
    for (let i = 0; i < MOST_SESSIONS; i++) others.push(await signedIn('operator', FIRST_PASSWORD))
    expect(await oldest.who()).toBe('SIGNED_OUT')
    expect(await others[0]?.who()).toBe('operator')
  })
})

describe('all sessions of an account end', () => {
  const NEW = 'lima perahu di laut'
  test.each([
    ['when another operator changes its password', 'password', { password: NEW }],
    ['when its role changes', 'role', { role: 'auditor' }],
  ])('%s', async (_how, what, body) => {
    const name = await someone()
    const [browser, elsewhere] = [await signedIn(name), await signedIn(name, PASSWORD, two)]
    expect((await two.first(`/operator/operators/${name}/${what}`, { body })).status).toBe(200)
    expect([await browser.who(), await elsewhere.who()]).toEqual(['SIGNED_OUT', 'SIGNED_OUT'])
  })

  test('when the person changes it, the own one among them', async () => {
    const name = await someone('viewer')
    const [browser, elsewhere] = [await signedIn(name), await signedIn(name, PASSWORD, two)]
    const body = { password: NEW, currentPassword: PASSWORD }
    expect((await browser.ask(`/operator/operators/${name}/password`, { body })).status).toBe(200)
    expect([await browser.who(), await elsewhere.who()]).toEqual(['SIGNED_OUT', 'SIGNED_OUT'])
    expect(await new Browser(one).signIn(name, PASSWORD)).toMatchObject({ status: 401 })
    await signedIn(name, NEW)
  })

  test('when it is removed, and are not those of another who gets the name', async () => {
    const name = await someone()
    const [browser, elsewhere] = [await signedIn(name), await signedIn(name, PASSWORD, two)]
    expect((await two.first(`/operator/operators/${name}`, { method: 'DELETE' })).status).toBe(204)
    expect([await browser.who(), await elsewhere.who()]).toEqual(['SIGNED_OUT', 'SIGNED_OUT'])
    await one.first('/operator/operators', { body: { name, role: 'operator', password: PASSWORD } })
    expect([await browser.who(), await elsewhere.who()]).toEqual(['SIGNED_OUT', 'SIGNED_OUT'])
  })

  test('where the session itself could not be removed: a stolen copy of its document brings nothing back', async () => {
    const name = await someone()
    const browser = await signedIn(name)
    const id = `session:${hashOfSecret(browser.cookie?.split('=')[1] ?? '')}`
    const rows = JSON.parse(await dumpOf(store, 'node_security')) as { id: string; doc: { _rev: string } }[]
    const { _rev, ...copy } = rows.find((row) => row.id === id)?.doc ?? { _rev: '' }
    await one.first(`/operator/operators/${name}/role`, { body: { role: 'viewer' } })
    const response = await fetch(`${store.url.replace(/\/\/[^@]*@/, '//')}/node_security/${encodeURIComponent(id)}`, {
      method: 'PUT',
      headers: {
        authorization: `Basic ${Buffer.from(`${store.address.username}:${store.address.password.reveal()}`).toString('base64')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(copy),
    })
    expect(response.status).toBe(201)
    expect(await browser.who()).toBe('SIGNED_OUT')
  })

  test('of the first account, when HUB_OPERATOR_PASSWORD is another', async () => {
    const browser = await signedIn('operator', FIRST_PASSWORD)
    const restarted = await startOperatorGateway(store, { clock, firstPassword: 'another one, and long enough' })
    expect([await browser.who(), await browser.at(restarted).who()]).toEqual(['operator', 'SIGNED_OUT'])
    await restarted.stop()
  })
})

test('who is signed in, in which role, and what an auditor or a viewer may not', async () => {
  const [viewer, auditor] = [await signedIn(await someone('viewer')), await signedIn(await someone('auditor'))]
  expect((await viewer.ask('/operator/session')).body).toMatchObject({ role: 'viewer', via: 'session' })
  const codes = async (browser: Browser) => [
    (await browser.ask('/operator/nodes')).code,
    (await browser.ask('/operator/audit')).code,
    (await browser.ask('/operator/rekey', { body: {} })).code,
    (await browser.ask('/operator/operators', { body: { name: 'x1', role: 'operator', password: PASSWORD } })).code,
  ]
  expect(await codes(viewer)).toEqual([undefined, 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN'])
  expect(await codes(auditor)).toEqual(['FORBIDDEN', undefined, 'FORBIDDEN', 'FORBIDDEN'])
})
