import { FREE_TRIES } from '../../../hub/operators/tries'
import { basic } from '../../support/ask'
import { startCouch, type TestCouch } from '../../support/couch'
import { Browser } from './browser'
import {
  type Answered,
  auditOf,
  Clock,
  dumpOf,
  FIRST_PASSWORD,
  type OperatorGateway,
  startOperatorGateway,
} from './serve-operators'

let store: TestCouch
let gateways: readonly [OperatorGateway, OperatorGateway]
const clock = new Clock()
const PASSWORD = 'empat kuda di pantai'
const HERE = '127.0.0.1'
let accounts = 0
let addresses = 0

beforeAll(async () => {
  store = await startCouch()
  gateways = [await startOperatorGateway(store, { clock }), await startOperatorGateway(store, { clock })]
})
afterAll(async () => {
  for (const gateway of gateways ?? []) await gateway.stop()
  await store?.stop()
})

const newAddress = () => `127.0.${1 + Math.floor(addresses / 250)}.${2 + (addresses++ % 250)}`

async function someone(): Promise<string> {
  const name = `person${++accounts}`
  await gateways[0].first('/operator/operators', { body: { name, role: 'operator', password: PASSWORD } })
  return name
}

/** One try, at the gateways in turn. */
let turn = 0
function tryAs(name: string, password: string, from = HERE): Promise<Answered> {
  const gateway = gateways[turn++ % 2] ?? gateways[0]
  return new Browser(gateway, from).signIn(name, password)
}

async function codes(count: number, make: (n: number) => Promise<Answered>): Promise<(string | undefined)[]> {
  const found: (string | undefined)[] = []
  for (let n = 0; n < count; n++) found.push((await make(n)).code)
  return found
}

/** At an address from which the name never signed in. */
const STRANGE = FREE_TRIES.strange + 1

describe('guessing one name from one address, at two gateways in turn', () => {
  test('ends after a few, also for the right password, with the time until the next', async () => {
    const name = await someone()
    const tried = await codes(STRANGE + 2, (n) => tryAs(name, `wrong ${n}`))
    expect(tried).toEqual([...Array(STRANGE).fill('UNAUTHENTICATED'), 'LOCKED', 'LOCKED'])
    const right = await tryAs(name, PASSWORD)
    expect([right.status, right.code, right.header('retry-after')]).toEqual([401, 'LOCKED', '30'])
  })

  test('goes on at once when the time is over, and waits longer after the next wrong one', async () => {
    const name = await someone()
    await codes(STRANGE, (n) => tryAs(name, `wrong ${n}`))
    clock.pass(29_999)
    expect(await tryAs(name, PASSWORD)).toMatchObject({ code: 'LOCKED' })
    clock.pass(1)
    expect(await tryAs(name, 'wrong')).toMatchObject({ code: 'UNAUTHENTICATED' })
    const locked = await tryAs(name, PASSWORD)
    expect([locked.code, locked.header('retry-after')]).toEqual(['LOCKED', '60'])
    clock.pass(60_000)
    expect((await tryAs(name, PASSWORD)).status).toBe(200)
  })

  test('all at once: no more are made than one after the other', async () => {
    const name = await someone()
    const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => tryAs(name, `wrong ${n}`)))
    const made = answers.filter(({ code }) => code === 'UNAUTHENTICATED').length
    expect(made).toBeLessThanOrEqual(STRANGE)
    expect(answers.every(({ code = '' }) => ['UNAUTHENTICATED', 'LOCKED', 'OVERLOADED'].includes(code))).toBe(true)
    // OVERLOADED is of tries that got in each other's way while they were counted: nothing was looked at.
    expect(await tryAs(name, PASSWORD)).toMatchObject({ status: 401, code: 'LOCKED' })
  })

  test('by Basic is the same as by a session', async () => {
    const name = await someone()
    const tried = await codes(STRANGE + 1, (n) =>
      (gateways[n % 2] ?? gateways[0]).ask('/operator/nodes', { authorization: basic(name, `wrong ${n}`) }),
    )
    expect(tried).toEqual([...Array(STRANGE).fill('UNAUTHENTICATED'), 'LOCKED'])
    expect(await tryAs(name, PASSWORD)).toMatchObject({ code: 'LOCKED' })
    const right = await gateways[0].ask('/operator/nodes', { authorization: basic(name, PASSWORD) })
    expect([right.status, right.code]).toEqual([401, 'LOCKED'])
  })

  test('does not end a session that is open', async () => {
    const name = await someone()
    const browser = new Browser(gateways[0])
    await browser.signIn(name, PASSWORD)
    await codes(FREE_TRIES.known + 2, (n) => tryAs(name, `wrong ${n}`))
    expect(await tryAs(name, PASSWORD)).toMatchObject({ code: 'LOCKED' })
    expect(await browser.who()).toBe(name)
  })

  test('a name that nobody has is treated in the same way', async () => {
    const tried = await codes(STRANGE + 1, (n) => tryAs('nobody.here', `wrong ${n}`))
    expect(tried).toEqual([...Array(STRANGE).fill('UNAUTHENTICATED'), 'LOCKED'])
  })
})

describe('nobody is kept out by others', () => {
  test('who guesses elsewhere does not hold up a person who has signed in from here', async () => {
    const name = await someone()
    expect((await tryAs(name, PASSWORD)).status).toBe(200)
    // Enough to close the name to every address that it does not know.
    for (let from = 0; from * FREE_TRIES.strange <= FREE_TRIES.name; from++) {
      const address = newAddress()
      await codes(FREE_TRIES.strange, (n) => tryAs(name, `wrong ${n}`, address))
    }
    expect(await tryAs(name, PASSWORD, newAddress())).toMatchObject({ code: 'LOCKED' })
    expect((await tryAs(name, PASSWORD)).status).toBe(200)
  }, 120_000)

  test('the first account is held up by nobody at another address, and by nobody for good', async () => {
    const there = newAddress()
    const tried = await codes(FREE_TRIES.first + 2, (n) => tryAs('operator', `wrong ${n}`, there))
    expect(tried.slice(-2)).toEqual(['UNAUTHENTICATED', 'LOCKED'])
    expect(await tryAs('operator', FIRST_PASSWORD, there)).toMatchObject({ code: 'LOCKED' })
    expect((await tryAs('operator', FIRST_PASSWORD, newAddress())).status).toBe(200)
    clock.pass(15 * 60_000)
    expect((await tryAs('operator', FIRST_PASSWORD, there)).status).toBe(200)
  }, 120_000)
})

describe('guessing many names from one address', () => {
  test('ends for all names there, but not for who is known there nor at other addresses', async () => {
    const [name, other] = [await someone(), await someone()]
    const there = newAddress()
    expect((await tryAs(name, PASSWORD, there)).status).toBe(200)
    const found = await codes(FREE_TRIES.address + 2, (n) => tryAs(`name${n}`, 'a password of a list', there))
    expect(found.filter((code) => code === 'UNAUTHENTICATED')).toHaveLength(FREE_TRIES.address + 1)
    expect(found.at(-1)).toBe('LOCKED')
    expect(await tryAs(other, PASSWORD, there)).toMatchObject({ code: 'LOCKED' })
    expect((await tryAs(name, PASSWORD, there)).status).toBe(200)
    expect((await tryAs(other, PASSWORD, newAddress())).status).toBe(200)
  }, 240_000)
})

describe('a lock', () => {
  test('is ended by another operator, at every gateway, and both are in the audit', async () => {
    const name = await someone()
    // Each a moment later, so that the audit has them in their order.
    const later = <T>(make: () => Promise<T>) => {
      clock.pass(1)
      return make()
    }
    await codes(STRANGE + 1, (n) => later(() => tryAs(name, `wrong ${n}`)))
    const { body } = await gateways[1].first('/operator/operators')
    const listed = (body['operators'] as { name: string; lockedUntil?: string }[]).find((one) => one.name === name)
    expect(listed?.lockedUntil).toBe(new Date(clock.ms - 1 + 30_000).toISOString())
    clock.pass(1)
    const unlocked = await gateways[1].first(`/operator/operators/${name}/unlock`, { body: {} })
    expect([unlocked.status, unlocked.body['lockedUntil']]).toEqual([200, undefined])
    expect((await later(() => tryAs(name, PASSWORD))).status).toBe(200)
    const about = (await auditOf(store)).filter(({ account, operator }) => account === name || operator === name)
    const told = about.map(({ kind, action, outcome, code, operator, account }) => [
      ...[kind, action, outcome, code, operator, account],
    ])
    expect(told).toEqual([
      ['operator', 'add', 'allowed', undefined, 'operator', name],
      ...Array(STRANGE).fill(['sign-in', 'sign-in', 'refused', 'UNAUTHENTICATED', name, undefined]),
      ['sign-in', 'lock', 'refused', 'LOCKED', undefined, name],
      ['sign-in', 'sign-in', 'refused', 'LOCKED', name, undefined],
      ['operator', 'unlock', 'allowed', undefined, 'operator', name],
      ['sign-in', 'sign-in', 'allowed', undefined, name, undefined],
    ])
  })

  test('keeps neither names nor addresses nor what was typed for them', async () => {
    const typed = 'my-password-in-the-wrong-field'
    await tryAs(typed, 'x', '127.0.9.9')
    const dump = await dumpOf(store, 'node_security')
    expect(dump).toContain('"tries:')
    for (const secret of [typed, '127.0.9.9']) expect(dump).not.toContain(secret)
    const entries = await auditOf(store)
    expect(entries.filter((entry) => JSON.stringify(entry).includes(typed))).toEqual([])
    expect(entries.filter(({ address }) => address === '127.0.9.9')).toMatchObject([{ outcome: 'refused' }])
  })
})
