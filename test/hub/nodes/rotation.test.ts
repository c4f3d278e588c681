import { basic } from '../../support/ask'
import { startCouch, type TestCouch } from '../../support/couch'
import { TestFacility } from '../../support/facility'
import { type Gateway, startGateway } from '../../support/gateway'
import { until } from '../../support/processes'

const HOUR_MS = 3_600_000
let store: TestCouch
let hub: Gateway
let other: Gateway
/** The gateways' clock is ahead by so much. */
let aheadMs = 0

beforeAll(async () => {
  store = await startCouch()
  const now = () => new Date(Date.now() + aheadMs)
  hub = await startGateway(store, { now, overlapMs: 24 * HOUR_MS })
  other = await startGateway(store, { now, overlapMs: 24 * HOUR_MS })
})
afterAll(async () => {
  await hub?.stop()
  await other?.stop()
  await store?.stop()
})
beforeEach(() => {
  aheadMs = 0
})

const rotate = ({ nodeName }: TestFacility, body: unknown = { overlap: true }, query = '') =>
  hub.operator(`/operator/nodes/${nodeName}/rotate${query}`, body)
const statusOf = async (facility: TestFacility, password: string, gateway: Gateway) =>
  (await facility.configuration(gateway, password)).status

async function configurationOf(facility: TestFacility, password: string, gateway = hub) {
  const { status, body } = await facility.configuration(gateway, password)
  expect(status).toBe(200)
  return body as {
    credentials?: { nodeName: string; syncPassword: string }
    dataAccess: { nodePassword?: string }
  }
}

/** A facility with data access, whose two passwords are in use. */
async function inUse(externalId: string) {
  const facility = new TestFacility(externalId)
  const old = await facility.join(hub)
  await hub.ask('/node/data-access', { method: 'POST', authorization: basic(facility.nodeName, old) })
  await hub.operator(`/operator/nodes/${facility.nodeName}/data-access/accept`, {})
  const oldKey = (await configurationOf(facility, old)).dataAccess.nodePassword ?? ''
  await hub.nodes.dataAccessUsed(facility.nodeName, oldKey)
  expect((await configurationOf(facility, old)).dataAccess.nodePassword).toBeUndefined()
  return { facility, old, oldKey }
}

async function isCouchPassword({ nodeName }: TestFacility, password: string): Promise<boolean> {
  const answer = await fetch(`${store.address.url}/_session`, { headers: { authorization: basic(nodeName, password) } })
  return answer.status === 200
}

const ends = (facility: TestFacility, password: string) =>
  Promise.all(
    [hub, other].map((gateway) =>
      until('it ends', async () => (await statusOf(facility, password, gateway)) === 401, 5_000),
    ),
  )

test.each([
  ['a word that is not known', { overlap: 'yes' }, ''],
  ['another word', { hours: 3 }, ''],
  ['both', { overlap: true }, '?now=true'],
  ['now=false', {}, '?now=false'],
  ['a query that is not known', {}, '?later=true'],
])('refuses %s', async (_what, body, query) => {
  expect(await rotate(new TestFacility('R00'), body, query)).toMatchObject({ status: 400 })
})

test.each([
  ['nothing', {}, ''],
  ['now=true', {}, '?now=true'],
  ['overlap: false', { overlap: false }, ''],
])('%s ends the old secrets at once', async (what, body, query) => {
  const { facility, old, oldKey } = await inUse(
    { nothing: 'R01', 'now=true': 'R02', 'overlap: false': 'R03' }[what] ?? '',
  )
  expect((await rotate(facility, body, query)).status).toBe(200)
  await ends(facility, old)
  expect(await isCouchPassword(facility, old)).toBe(false)
  await until('the key ends', async () => !(await other.nodes.nodePasswords(facility.nodeName)).includes(oldKey), 5_000)
})

describe('with an overlap', () => {
  test('old and new both work at every gateway, and the new ones come to whoever has the old ones', async () => {
    const { facility, old, oldKey } = await inUse('S01')
    expect((await rotate(facility)).status).toBe(200)
    const { credentials, dataAccess } = await configurationOf(facility, old, other)
    const newKey = dataAccess.nodePassword ?? ''
    expect(credentials).toEqual({ nodeName: 'node-S01', syncPassword: expect.stringMatching(/^[\w-]{43}$/) })
    expect([credentials?.syncPassword, newKey]).not.toEqual([old, oldKey])
    for (const gateway of [hub, other]) {
      expect(await statusOf(facility, old, gateway)).toBe(200)
      await until('both sign', async () => (await gateway.nodes.nodePasswords('node-S01')).length === 2, 5_000)
      expect(await gateway.nodes.nodePasswords('node-S01')).toEqual([oldKey, newKey])
    }
    expect(await isCouchPassword(facility, old)).toBe(true)
    // Again, for an answer that was lost.
    expect((await configurationOf(facility, old)).credentials).toEqual(credentials)
    expect((await facility.look(hub)).credentials).toEqual(credentials)
  })

  test('each old one ends with the first use of its new one, and not with that of the other', async () => {
    const { facility, old, oldKey } = await inUse('S02')
    await rotate(facility)
    const { credentials, dataAccess } = await configurationOf(facility, old)
    const fresh = credentials?.syncPassword ?? ''
    const newKey = dataAccess.nodePassword ?? ''
    expect((await configurationOf(facility, fresh, other)).credentials).toBeUndefined()
    await ends(facility, old)
    expect([await isCouchPassword(facility, old), await isCouchPassword(facility, fresh)]).toEqual([false, true])
    expect((await facility.look(hub)).credentials).toBeUndefined()

    expect(await hub.nodes.nodePasswords('node-S02')).toEqual([oldKey, newKey])
    await hub.nodes.dataAccessUsed('node-S02', oldKey)
    expect(await statusOf(facility, fresh, hub)).toBe(200)
    expect((await configurationOf(facility, fresh)).dataAccess.nodePassword).toBe(newKey)
    await other.nodes.dataAccessUsed('node-S02', newKey)
    for (const gateway of [hub, other]) {
      await until('one key signs', async () => (await gateway.nodes.nodePasswords('node-S02')).join() === newKey, 5_000)
    }
    expect((await configurationOf(facility, fresh)).dataAccess.nodePassword).toBeUndefined()
  })

  test('ends by itself where nobody uses the new ones, which then come for the claim', async () => {
    const { facility, old, oldKey } = await inUse('S03')
    await rotate(facility)
    const { credentials, dataAccess } = await configurationOf(facility, old)
    aheadMs = 24 * HOUR_MS - 60_000
    expect(await statusOf(facility, old, hub)).toBe(200)
    aheadMs = 24 * HOUR_MS + 60_000
    await ends(facility, old)
    await until('one key signs', async () => !(await hub.nodes.nodePasswords('node-S03')).includes(oldKey), 5_000)
    expect(await isCouchPassword(facility, old)).toBe(true)
    await other.nodes.endOverlaps()
    expect(await isCouchPassword(facility, old)).toBe(false)
    expect((await facility.look(other)).credentials).toEqual(credentials)
    const late = await configurationOf(facility, credentials?.syncPassword ?? '', other)
    expect(late.dataAccess.nodePassword).toBe(dataAccess.nodePassword)
  })

  test('a second one replaces the new secrets that nobody has used, and puts no end off', async () => {
    const { facility, old } = await inUse('S04')
    await rotate(facility)
    const first = (await configurationOf(facility, old)).credentials?.syncPassword ?? ''
    aheadMs = 23 * HOUR_MS
    await rotate(facility)
    const second = (await configurationOf(facility, old)).credentials?.syncPassword ?? ''
    expect(second).not.toBe(first)
    await ends(facility, first)
    expect(await statusOf(facility, old, hub)).toBe(200)
    aheadMs = 25 * HOUR_MS
    await ends(facility, old)
    expect(await statusOf(facility, second, other)).toBe(200)
  })

  test('is over at once where the operator rotates without one, as for a stolen computer', async () => {
    const { facility, old, oldKey } = await inUse('S05')
    await rotate(facility)
    const { credentials, dataAccess } = await configurationOf(facility, old)
    await rotate(facility, {}, '?now=true')
    await ends(facility, old)
    await ends(facility, credentials?.syncPassword ?? '')
    await until(
      'neither key signs',
      async () => {
        const keys = await other.nodes.nodePasswords('node-S05')
        return keys.length === 1 && !keys.includes(oldKey) && !keys.includes(dataAccess.nodePassword ?? '')
      },
      5_000,
    )
    expect(await statusOf(facility, await facility.syncPassword(hub), other)).toBe(200)
  })

  test('ends for the old machine when a new one is accepted in its place', async () => {
    const { facility, old } = await inUse('S06')
    await rotate(facility)
    const { credentials } = await configurationOf(facility, old)
    await hub.operator('/operator/nodes/node-S06/reopen', {})
    const machine = new TestFacility('S06')
    await machine.register(hub)
    await hub.operator(`/operator/registrations/${machine.id}/accept`, {})
    await ends(facility, old)
    await ends(facility, credentials?.syncPassword ?? '')
    expect(await statusOf(machine, await machine.syncPassword(hub), hub)).toBe(200)
  })

  test('a suspended node changes over all the same, and stays suspended', async () => {
    const { facility, old } = await inUse('S07')
    await rotate(facility)
    const { credentials } = await configurationOf(facility, old)
    await hub.operator('/operator/nodes/node-S07/suspend', { reason: 'x' })
    const fresh = credentials?.syncPassword ?? ''
    await until('it is suspended', async () => (await statusOf(facility, fresh, hub)) === 403, 5_000)
    await ends(facility, old)
    await hub.operator('/operator/nodes/node-S07/resume', {})
    await until('it is back', async () => (await statusOf(facility, fresh, other)) === 200, 5_000)
  })

  test('both first uses at two gateways at once end with one password, which CouchDB takes', async () => {
    const { facility, old } = await inUse('S08')
    await rotate(facility)
    const fresh = (await configurationOf(facility, old)).credentials?.syncPassword ?? ''
    const answers = await Promise.all(
      [hub, other, hub, other].map((gateway, index) => statusOf(facility, index < 2 ? fresh : old, gateway)),
    )
    expect(answers.slice(0, 2)).toEqual([200, 200])
    expect(await isCouchPassword(facility, fresh)).toBe(true)
    await ends(facility, old)
  })

  test('no secret of it stands in the database as it is, and it is audited', async () => {
    const { facility, old, oldKey } = await inUse('S09')
    await rotate(facility)
    const { credentials, dataAccess } = await configurationOf(facility, old)
    const text = await (
      await fetch(`${store.address.url}/node_security/node-S09`, {
        headers: { authorization: basic('admin', store.address.password.reveal()) },
      })
    ).text()
    expect(text).toContain('overlapEndsAt')
    for (const secret of [old, oldKey, credentials?.syncPassword, dataAccess.nodePassword])
      expect(text).not.toContain(secret)
    const { body } = await hub.operator('/operator/audit?node=node-S09')
    expect(JSON.stringify(body)).toMatch(/The old ones work until .* at the latest/)
  })
})
