import type { Database } from '../../../hub/nodes/database'
import type { Sealer } from '../../../hub/nodes/seal'
import { openOperators } from '../../../hub/operators/open-operators'
import { PasswordHasher } from '../../../hub/operators/password-hasher'
import type { Log } from '../../../runtime/log'
import { Secret } from '../../../runtime/settings'
import { basic } from '../../support/ask'
import { startCouch, type TestCouch } from '../../support/couch'
import { Browser } from './browser'
import {
  auditOf,
  Clock,
  dumpOf,
  FIRST_PASSWORD,
  type OperatorGateway,
  QUICK,
  startOperatorGateway,
  TIMES,
} from './serve-operators'

let store: TestCouch
let one: OperatorGateway
let two: OperatorGateway
const clock = new Clock()
const PASSWORD = 'empat kuda di pantai'
const NEW = 'lima perahu di laut'
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

async function someone(role = 'viewer'): Promise<string> {
  const name = `person${++accounts}`
  const { status } = await one.first('/operator/operators', { body: { name, role, password: PASSWORD } })
  expect(status).toBe(201)
  return name
}

const by = (name: string, password = PASSWORD) => ({ authorization: basic(name, password) })

describe('an account is refused', () => {
  test.each([
    ['without anything', {}, 'INVALID_REQUEST'],
    ['with a name of capitals', { name: 'Siti', role: 'viewer', password: PASSWORD }, 'INVALID_REQUEST'],
    ['with the name of a node', { name: 'node-x', role: 'viewer', password: PASSWORD }, 'INVALID_REQUEST'],
    ['with a name that leads elsewhere', { name: '../nodes', role: 'viewer', password: PASSWORD }, 'INVALID_REQUEST'],
    ['with another role', { name: 'siti', role: 'administrator', password: PASSWORD }, 'INVALID_REQUEST'],
    ['with a short password', { name: 'siti', role: 'viewer', password: 'short' }, 'PASSWORD_WEAK'],
    ['with a common one', { name: 'siti', role: 'viewer', password: 'Password2026!!' }, 'PASSWORD_WEAK'],
    ['with the name of the first', { name: 'operator', role: 'viewer', password: PASSWORD }, 'OPERATOR_EXISTS'],
  ])('%s', async (_what, body, code) => {
    expect((await one.first('/operator/operators', { body })).code).toBe(code)
  })

  test('where there is one of the name, also at two gateways at once', async () => {
    const body = { name: 'twice.asked', role: 'viewer', password: PASSWORD }
    const both = await Promise.all([one, two].map((gateway) => gateway.first('/operator/operators', { body })))
    expect(both.map(({ status, code }) => `${status} ${code}`).sort()).toEqual(['201 undefined', '409 OPERATOR_EXISTS'])
  })

  test.each([
    ['password', 'POST', { password: NEW, currentPassword: FIRST_PASSWORD }],
    ['role', 'POST', { role: 'viewer' }],
    ['', 'DELETE', undefined],
    ['totp', 'DELETE', undefined],
  ])('the first is not changed: %s %s', async (what, method, body) => {
    const path = `/operator/operators/operator${what && `/${what}`}`
    const answer = await one.first(path, { method, ...(body && { body }) })
    expect([answer.status, answer.code]).toEqual([409, 'OPERATOR_FIXED'])
  })

  test.each([
    ['password', 'POST', { password: NEW }],
    ['role', 'POST', { role: 'viewer' }],
    ['unlock', 'POST', {}],
    ['', 'DELETE', undefined],
    ['totp', 'DELETE', undefined],
  ])('one that there is not: %s %s', async (what, method, body) => {
    const path = `/operator/operators/nobody.here${what && `/${what}`}`
    const answer = await one.first(path, { method, ...(body && { body }) })
    expect([answer.status, answer.code]).toEqual([404, 'OPERATOR_UNKNOWN'])
  })
})

describe('a password', () => {
  test('of another is changed by an operator alone', async () => {
    const [name, viewer, operator] = [await someone(), await someone(), await someone('operator')]
    const path = `/operator/operators/${name}/password`
    expect((await one.ask(path, { body: { password: NEW }, ...by(viewer) })).code).toBe('FORBIDDEN')
    expect((await one.ask(path, { body: { password: NEW }, ...by(operator) })).status).toBe(200)
    expect((await one.ask('/operator/nodes', by(name))).status).toBe(401)
    expect((await one.ask('/operator/nodes', by(name, NEW))).status).toBe(200)
  })

  test.each(['viewer', 'auditor', 'operator'])(
    'of one’s own is changed by a %s who shows the present one',
    async (role) => {
      const name = await someone(role)
      const browser = new Browser(one)
      await browser.signIn(name, PASSWORD)
      const change = (body: object) => browser.ask(`/operator/operators/${name}/password`, { body })
      expect((await change({ password: NEW })).status).toBe(401)
      expect((await change({ password: NEW, currentPassword: 'wrong password' })).status).toBe(401)
      expect((await change({ password: 'short', currentPassword: PASSWORD })).code).toBe('PASSWORD_WEAK')
      expect(await browser.who()).toBe(name)
      expect((await change({ password: NEW, currentPassword: PASSWORD })).status).toBe(200)
      expect((await browser.signIn(name, NEW)).status).toBe(200)
    },
  )

  test('is not found out by whoever holds a session: wrong ones are counted', async () => {
    const name = await someone()
    const browser = new Browser(one)
    await browser.signIn(name, PASSWORD)
    const tries: (string | undefined)[] = []
    for (let n = 0; n < 13; n++) {
      const body = { password: NEW, currentPassword: `guess ${n}` }
      tries.push((await browser.ask(`/operator/operators/${name}/password`, { body })).code)
    }
    expect(tries.slice(-2)).toEqual(['LOCKED', 'LOCKED'])
  })

  test('that was hashed with less is hashed anew when it is next used, and the session begins all the same', async () => {
    const name = await someone()
    const stronger = await startOperatorGateway(store, {
      clock,
      hasher: new PasswordHasher({ ...QUICK, cost: 2 ** 11 }),
    })
    const kept = async () => {
      const rows = JSON.parse(await dumpOf(store, 'node_security')) as { id: string; doc: { password: object } }[]
      return rows.find(({ id }) => id === `operator:${name}`)?.doc.password
    }
    expect(await kept()).toMatchObject({ cost: 2 ** 10 })
    const browser = new Browser(stronger)
    expect((await browser.signIn(name, PASSWORD)).status).toBe(200)
    expect(await kept()).toMatchObject({ cost: 2 ** 11 })
    expect(await browser.who()).toBe(name)
    expect((await new Browser(one).signIn(name, PASSWORD)).status).toBe(200)
    await stronger.stop()
  })
})

describe('by Basic', () => {
  test('an account has the rights of its role', async () => {
    const [viewer, auditor] = [await someone('viewer'), await someone('auditor')]
    const codes = async (name: string) => [
      (await one.ask('/operator/nodes', by(name))).code,
      (await one.ask('/operator/audit', by(name))).code,
      (await one.ask('/operator/rekey', { body: {}, ...by(name) })).code,
    ]
    expect(await codes(viewer)).toEqual([undefined, 'FORBIDDEN', 'FORBIDDEN'])
    expect(await codes(auditor)).toEqual(['FORBIDDEN', undefined, 'FORBIDDEN'])
    expect((await one.ask('/operator/session', by(viewer))).body).toEqual({
      name: viewer,
      role: 'viewer',
      via: 'basic',
    })
  })

  test('a slow hash is made once for many requests, also for those that come together, and once a minute', async () => {
    const hasher = new PasswordHasher(QUICK)
    const made = jest.spyOn(hasher, 'isRight')
    const gateway = await startOperatorGateway(store, { clock, hasher })
    const name = await someone()
    const ask = () => gateway.ask('/operator/nodes', by(name))
    expect((await Promise.all(Array.from({ length: 8 }, ask))).map(({ status }) => status)).toEqual(Array(8).fill(200))
    for (let n = 0; n < 5; n++) await ask()
    expect(made).toHaveBeenCalledTimes(1)
    clock.pass(60_000)
    await ask()
    expect(made).toHaveBeenCalledTimes(2)
    await gateway.stop()
  })

  test('a wrong password is looked at each time, and none is let in by another’s that was right', async () => {
    const [name, other] = [await someone(), await someone()]
    await one.ask('/operator/nodes', by(name))
    expect((await one.ask('/operator/nodes', by(name, `${PASSWORD} `))).status).toBe(401)
    expect((await one.ask('/operator/nodes', by(`${other}x`))).status).toBe(401)
  })

  test.each([
    ['its password', 'password', { password: NEW }],
    ['its removal', '', undefined],
  ])(
    'a change of %s at another gateway ends it at once, although it was right a moment ago',
    async (_what, what, body) => {
      const name = await someone()
      expect((await one.ask('/operator/nodes', by(name))).status).toBe(200)
      const path = `/operator/operators/${name}${what && `/${what}`}`
      await two.first(path, body ? { body } : { method: 'DELETE' })
      expect((await one.ask('/operator/nodes', by(name))).status).toBe(401)
    },
  )

  test('a role that was taken away is taken away at once', async () => {
    const name = await someone('operator')
    expect((await one.ask('/operator/rekey', { body: {}, ...by(name) })).status).toBe(200)
    await two.first(`/operator/operators/${name}/role`, { body: { role: 'viewer' } })
    expect((await one.ask('/operator/rekey', { body: {}, ...by(name) })).code).toBe('FORBIDDEN')
  })
})

test('the list has everybody, and nothing of a password', async () => {
  const name = await someone('auditor')
  await new Browser(one).signIn(name, PASSWORD)
  const { body } = await one.first('/operator/operators')
  const listed = body['operators'] as { name: string }[]
  expect(listed[0]).toEqual({ name: 'operator', role: 'operator', first: true, totp: 'off' })
  const at = new Date(clock.ms).toISOString()
  expect(listed.find((person) => person.name === name)).toEqual({
    name,
    role: 'auditor',
    totp: 'off',
    createdAt: at,
    createdBy: 'operator',
    passwordChangedAt: at,
    lastSignInAt: at,
  })
  expect(JSON.stringify(body)).not.toMatch(/salt|hash|stamp|sealed/)
})

test('the database holds no password, and the audit neither', async () => {
  await someone()
  for (const name of ['node_security', 'audit']) {
    const dump = await dumpOf(store, name)
    for (const secret of [PASSWORD, NEW, FIRST_PASSWORD]) expect(dump).not.toContain(secret)
  }
})

/** Tries are counted before a password is looked at, and counted off where it is right. */
const withoutTries = (dump: string) =>
  (JSON.parse(dump) as { doc: { kind: string } }[]).flatMap(({ doc }) => (doc.kind === 'tries' ? [] : [doc]))

/** Without tries and sessions, which come and go. */
const accountsIn = (dump: string) =>
  (JSON.parse(dump) as { doc: { kind: string } }[]).flatMap(({ doc }) => (doc.kind === 'operator' ? [doc] : []))

describe('whoever holds the session of an operator and not the password', () => {
  test.each([
    ['makes no account', 'POST', () => '', { name: 'made.by.a.thief', role: 'operator', password: NEW }],
    ['changes nobody’s password', 'POST', (other: string) => `/${other}/password`, { password: NEW }],
    ['changes nobody’s role', 'POST', (other: string) => `/${other}/role`, { role: 'operator' }],
    ['takes nobody’s second factor away', 'DELETE', (other: string) => `/${other}/totp`, {}],
    ['removes nobody', 'DELETE', (other: string) => `/${other}`, {}],
  ] as const)('%s', async (_what, method, path, body) => {
    const [name, other] = [await someone('operator'), await someone()]
    await one.ask(`/operator/operators/${other}/totp`, { body: { currentPassword: PASSWORD }, ...by(other) })
    const browser = new Browser(one)
    await browser.signIn(name, PASSWORD)
    const before = await dumpOf(store, 'node_security')
    const change = (currentPassword?: string) =>
      browser.ask(`/operator/operators${path(other)}`, {
        method,
        body: { ...body, ...(currentPassword && { currentPassword }) },
      })
    expect(await change()).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' })
    expect((await change('a guess')).status).toBe(401)
    expect(accountsIn(await dumpOf(store, 'node_security'))).toEqual(accountsIn(before))
    expect((await change(PASSWORD)).status).toBeLessThan(300)
    expect(accountsIn(await dumpOf(store, 'node_security'))).not.toEqual(accountsIn(before))
  })

  test('makes no room for more guesses at a name that is locked', async () => {
    const [name, other] = [await someone('operator'), await someone()]
    for (let tries = 0; tries < 6; tries++) await new Browser(one, '127.0.0.77').signIn(other, `guess ${tries}`)
    expect((await new Browser(one, '127.0.0.77').signIn(other, PASSWORD)).code).toBe('LOCKED')
    const browser = new Browser(one)
    await browser.signIn(name, PASSWORD)
    const unlock = (body: object) => browser.ask(`/operator/operators/${other}/unlock`, { body })
    expect((await unlock({})).code).toBe('UNAUTHENTICATED')
    expect((await unlock({ currentPassword: 'a guess' })).status).toBe(401)
    expect((await new Browser(one, '127.0.0.77').signIn(other, PASSWORD)).code).toBe('LOCKED')
    expect((await unlock({ currentPassword: PASSWORD })).status).toBe(200)
    expect((await new Browser(one, '127.0.0.77').signIn(other, PASSWORD)).status).toBe(200)
  })
})

test('who did what with an account, and who signed in and out, is in the audit by name', async () => {
  const step = () => clock.pass(1)
  step()
  const name = await someone('operator')
  const browser = new Browser(one)
  step()
  await browser.signIn(name, PASSWORD)
  step()
  await browser.ask('/operator/operators', {
    body: { name: `${name}x`, role: 'viewer', password: PASSWORD, currentPassword: PASSWORD },
  })
  step()
  await browser.ask(`/operator/operators/${name}x/role`, { body: { role: 'auditor', currentPassword: PASSWORD } })
  step()
  await browser.ask(`/operator/operators/${name}x`, { method: 'DELETE', body: { currentPassword: PASSWORD } })
  step()
  await browser.signOut()
  const entries = (await auditOf(store)).filter(({ operator, account = '' }) => operator === name || account === name)
  expect(entries.map(({ action, operator, account, outcome }) => [action, operator, account, outcome])).toEqual([
    ['add', 'operator', name, 'allowed'],
    ['sign-in', name, undefined, 'allowed'],
    ['add', name, `${name}x`, 'allowed'],
    ['role', name, `${name}x`, 'allowed'],
    ['remove', name, `${name}x`, 'allowed'],
    ['sign-out', name, undefined, 'allowed'],
  ])
})

test('law 6: where the audit can not be written nobody is let in and nothing is changed', async () => {
  let isAuditBroken = false
  const gateway = await startOperatorGateway(store, { clock, isAuditBroken: () => isAuditBroken })
  const [name, other] = [await someone('operator'), await someone()]
  const browser = new Browser(gateway)
  await browser.signIn(name, PASSWORD)
  isAuditBroken = true
  const late = await new Browser(gateway).signIn(name, PASSWORD)
  expect([late.status, late.cookies]).toEqual([500, []])
  expect((await gateway.ask('/operator/nodes', { ...by(other), from: '127.0.0.9' })).status).toBe(500)
  const before = withoutTries(await dumpOf(store, 'node_security'))
  for (const [what, method, body] of [
    ['', 'DELETE', { currentPassword: PASSWORD }],
    ['/role', 'POST', { role: 'auditor', currentPassword: PASSWORD }],
    ['/password', 'POST', { password: NEW, currentPassword: PASSWORD }],
  ] as const) {
    const answer = await browser.ask(`/operator/operators/${other}${what}`, { method, body })
    expect(answer.status).toBe(500)
  }
  expect(withoutTries(await dumpOf(store, 'node_security'))).toEqual(before)
  await gateway.stop()
})

test('a first password that is easily guessed is warned of at start, and is not in the warning', () => {
  const warned = (password: string) => {
    const warn = jest.fn()
    openOperators({
      nodeSecurity: {} as Database,
      sealer: {} as Sealer,
      secretKey: new Secret(Buffer.alloc(32, 5).toString('base64url')),
      operatorPassword: new Secret(password),
      times: TIMES,
      site: { isSecure: () => false, addressOf: () => '' },
      writeAudit: () => Promise.resolve(),
      limit: { admits: () => true, takeLeftOut: () => 0 },
      count: () => undefined,
      log: { warn } as unknown as Log,
    })
    return JSON.stringify(warn.mock.calls)
  }
  expect(warned('rahasia123')).toMatch(/HUB_OPERATOR_PASSWORD/)
  expect(warned('rahasia123')).not.toContain('rahasia')
  expect(warned('Zk3vYt0pQ8mJr5wLx2dN7sHf')).toBe('[]')
})
