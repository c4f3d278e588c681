import { TOTP } from 'otpauth'
import { resealed } from '../../../hub/keys/reseal'
import { sealerOf } from '../../../hub/nodes/seal'
import { ownerOf } from '../../../hub/operators/second-factor'
import { Secret } from '../../../runtime/settings'
import type { OperatorDocument } from '../../../schemas/generated/types'
import { basic } from '../../support/ask'
import { startCouch, type TestCouch } from '../../support/couch'
import { Browser } from './browser'
import { auditOf, Clock, dumpOf, type OperatorGateway, startOperatorGateway } from './serve-operators'

let store: TestCouch
let one: OperatorGateway
let two: OperatorGateway
const clock = new Clock()
const PASSWORD = 'empat kuda di pantai'
const STEP_MS = 30_000
let accounts = 0

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

const codeOf = (secret: string, offMs = 0) => new TOTP({ secret }).generate({ timestamp: clock.ms + offMs })
const totp = (name: string) => `/operator/operators/${name}/totp`

async function signedIn(role = 'viewer'): Promise<{ name: string; browser: Browser }> {
  const name = `person${++accounts}`
  await one.first('/operator/operators', { body: { name, role, password: PASSWORD } })
  const browser = new Browser(one)
  expect(await browser.signIn(name, PASSWORD)).toMatchObject({ status: 200 })
  return { name, browser }
}

async function begun(role = 'viewer') {
  const { name, browser } = await signedIn(role)
  const { status, body } = await browser.ask(totp(name), { body: { currentPassword: PASSWORD } })
  expect(status).toBe(200)
  return { name, browser, secret: String(body['secret']), uri: String(body['uri']) }
}

/** With a second factor that counts, and its first code gone by. */
async function enrolled(role = 'viewer') {
  const all = await begun(role)
  const on = await all.browser.ask(totp(all.name), { method: 'PUT', body: { code: codeOf(all.secret) } })
  expect([on.status, on.body['totp']]).toEqual([200, 'active'])
  clock.pass(STEP_MS)
  return all
}

describe('beginning', () => {
  test.each([
    ['for another person', 'operator', { currentPassword: 'x' }, 403],
    ['without the password', undefined, {}, 400],
    ['with a wrong password', undefined, { currentPassword: 'x' }, 401],
  ])('is refused %s', async (_what, whose, body, status) => {
    const { name, browser } = await signedIn()
    expect(await browser.ask(totp(whose ?? name), { body })).toMatchObject({ status })
  })

  test('is refused for the first account, which is as the settings say', async () => {
    const answer = await one.first(totp('operator'), { body: { currentPassword: 'x' } })
    expect(answer).toMatchObject({ status: 409, code: 'OPERATOR_FIXED' })
  })

  test('tells the secret once, for a QR code too, and changes nothing until a code has shown that it arrived', async () => {
    const { name, browser, secret, uri } = await begun()
    expect(secret).toMatch(/^[A-Z2-7]{32}$/)
    expect(uri).toContain(`secret=${secret}`)
    expect(JSON.stringify((await one.first('/operator/operators')).body)).not.toContain(secret)
    expect((await browser.ask(totp(name), { method: 'PUT', body: { code: '000000' } })).code).toBe('TOTP_WRONG')
    expect((await new Browser(two).signIn(name, PASSWORD)).status).toBe(200)
  })

  test('anew makes the first secret worthless', async () => {
    const { name, browser, secret } = await begun()
    const again = await browser.ask(totp(name), { body: { currentPassword: PASSWORD } })
    const confirm = (code: string) => browser.ask(totp(name), { method: 'PUT', body: { code } })
    expect(again.body['secret']).not.toBe(secret)
    expect((await confirm(codeOf(secret))).code).toBe('TOTP_WRONG')
    expect((await confirm(codeOf(String(again.body['secret'])))).status).toBe(200)
  })

  test('is refused where there is one, and confirming where none was begun', async () => {
    const { name, browser, secret } = await enrolled()
    expect((await browser.ask(totp(name), { body: { currentPassword: PASSWORD } })).code).toBe('TOTP_STATE')
    const confirm = { method: 'PUT', body: { code: codeOf(secret) } }
    expect((await browser.ask(totp(name), confirm)).code).toBe('TOTP_STATE')
    const other = await signedIn()
    expect((await other.browser.ask(totp(other.name), confirm)).code).toBe('TOTP_STATE')
  })
})

describe('signing in with a second factor', () => {
  test('is refused without the code, with a wrong one and with those of other times, all in the same words', async () => {
    const { name, secret } = await enrolled()
    const wrong = ['000000', codeOf(secret, 3 * STEP_MS), codeOf(secret, -2 * STEP_MS), 'x']
    const answers = [
      await new Browser(one).signIn(name, PASSWORD),
      await new Browser(one).signIn(name, 'wrong password'),
    ]
    for (const code of wrong) answers.push(await new Browser(one).signIn(name, PASSWORD, code))
    for (const { status, body } of answers) expect([status, body]).toEqual([401, answers[0]?.body])
  })

  test('is refused with the right code and a wrong password, which does not use the code up', async () => {
    const { name, secret } = await enrolled()
    const code = codeOf(secret)
    expect((await new Browser(one).signIn(name, 'wrong password', code)).status).toBe(401)
    expect((await new Browser(one).signIn(name, PASSWORD, code)).status).toBe(200)
  })

  test('a code counts once, at all gateways together, also when it is sent to both at once', async () => {
    const { name, secret } = await enrolled()
    const code = codeOf(secret)
    const both = await Promise.all([
      new Browser(one).signIn(name, PASSWORD, code),
      new Browser(two).signIn(name, PASSWORD, code),
    ])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 401])
    for (const gateway of [one, two]) expect((await new Browser(gateway).signIn(name, PASSWORD, code)).status).toBe(401)
  })

  test('after a code, one of before counts no more, although its time is not over', async () => {
    const { name, secret } = await enrolled()
    clock.pass(STEP_MS)
    const before = codeOf(secret, -STEP_MS)
    expect((await new Browser(one).signIn(name, PASSWORD, codeOf(secret))).status).toBe(200)
    expect((await new Browser(two).signIn(name, PASSWORD, before)).status).toBe(401)
    clock.pass(STEP_MS)
    expect((await new Browser(two).signIn(name, PASSWORD, codeOf(secret))).status).toBe(200)
  })

  test('the code that switched it on has been used', async () => {
    const { name, browser, secret } = await begun()
    const code = codeOf(secret)
    await browser.ask(totp(name), { method: 'PUT', body: { code } })
    expect((await new Browser(one).signIn(name, PASSWORD, code)).status).toBe(401)
  })

  test('Basic lets such an account in no more, not even while its password was right a moment ago', async () => {
    const { name, browser, secret } = await begun()
    const authorization = basic(name, PASSWORD)
    const status = async () => (await one.ask('/operator/nodes', { authorization })).status
    expect(await status()).toBe(200)
    await browser.ask(totp(name), { method: 'PUT', body: { code: codeOf(secret) } })
    expect(await status()).toBe(401)
  })

  test('wrong codes are wrong tries, so that guessing them ends', async () => {
    const { name, secret } = await enrolled()
    let answer = await new Browser(one).signIn(name, PASSWORD, '000000')
    for (let tries = 1; answer.code !== 'LOCKED' && tries < 30; tries++) {
      answer = await new Browser(tries % 2 ? one : two).signIn(name, PASSWORD, '000000')
    }
    expect(answer.code).toBe('LOCKED')
    expect((await new Browser(one).signIn(name, PASSWORD, codeOf(secret))).code).toBe('LOCKED')
  })
})

describe('a lost device', () => {
  test('is taken off by another operator and not by oneself, nor by a viewer', async () => {
    const { name, browser } = await enrolled('operator')
    const off = { method: 'DELETE', body: { currentPassword: PASSWORD } }
    expect((await browser.ask(totp(name), off)).code).toBe('FORBIDDEN')
    expect((await (await signedIn()).browser.ask(totp(name), off)).code).toBe('FORBIDDEN')
    expect(await one.first(totp(name), off)).toMatchObject({ status: 200, body: { totp: 'off' } })
    expect((await new Browser(two).signIn(name, PASSWORD)).status).toBe(200)
    expect((await one.first(totp(name), off)).code).toBe('TOTP_STATE')
    const entries = (await auditOf(store)).filter(({ account }) => account === name)
    expect(entries.map(({ action, operator }) => [action, operator]).sort()).toEqual([
      ['add', 'operator'],
      ['totp-begin', name],
      ['totp-off', 'operator'],
      ['totp-on', name],
    ])
  })
})

test('the secret is sealed, and its seal opens for no other account', async () => {
  const { name, secret } = await enrolled()
  const dump = await dumpOf(store, 'node_security')
  expect(dump).not.toContain(secret)
  expect(await dumpOf(store, 'audit')).not.toContain(secret)
  const rows = JSON.parse(dump) as { id: string; doc: OperatorDocument }[]
  const sealed = rows.find(({ id }) => id === `operator:${name}`)?.doc.totp?.sealed ?? ''
  const sealer = sealerOf(new Secret(Buffer.alloc(32, 5).toString('base64url')))
  expect(sealer.open(sealed, ownerOf(name))).toBe(secret)
  expect(() => sealer.open(sealed, ownerOf('somebody.else'))).toThrow('can not be opened')
  expect(() => sealer.open(sealed, { ...ownerOf(name), kind: 'node-password' })).toThrow('can not be opened')
})

test('lontar hub rekey takes it along: the code counts under the new key', async () => {
  const { name, secret } = await enrolled()
  const keys = [5, 6].map((byte) => new Secret(Buffer.alloc(32, byte).toString('base64url')))
  const rows = JSON.parse(await dumpOf(store, 'node_security')) as { id: string; doc: OperatorDocument }[]
  const document = rows.find(({ id }) => id === `operator:${name}`)?.doc
  if (!document || !keys[0] || !keys[1]) throw new Error('no account')
  const again = resealed(document, sealerOf(keys[1], keys[0]))
  expect([again.resealed, again.unreadable]).toEqual([1, 0])
  const sealed = (again.document as OperatorDocument).totp?.sealed ?? ''
  expect(sealed).not.toBe(document.totp?.sealed)
  expect(sealerOf(keys[1]).open(sealed, ownerOf(name))).toBe(secret)
})
