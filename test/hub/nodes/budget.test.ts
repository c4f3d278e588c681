import type { AuditList, NodeConfiguration, NodeList } from '../../../schemas/generated/types'
import { basic } from '../../support/ask'
import { startCouch, type TestCouch } from '../../support/couch'
import { TestFacility } from '../../support/facility'
import { type Gateway, OPERATOR_PASSWORD, startGateway } from '../../support/gateway'

let store: TestCouch
let hub: Gateway

beforeAll(async () => {
  store = await startCouch()
  hub = await startGateway(store)
})
afterAll(async () => {
  await hub?.stop()
  await store?.stop()
})

const set = (nodeName: string, body: unknown) =>
  hub.ask(`/operator/nodes/${nodeName}/budget`, {
    method: 'PUT',
    body,
    authorization: basic('operator', OPERATOR_PASSWORD),
  })

describe('PUT /operator/nodes/{nodeName}/budget', () => {
  test('is refused for a node that was not accepted', async () => {
    expect(await set('node-D99', {})).toMatchObject({ status: 404, body: { error: 'NODE_UNKNOWN' } })
  })

  test.each([
    ['hours that are none', { hours: '22:30-6' }],
    ['a speed at which nothing arrives', { kilobitsPerSecond: 1 }],
    ['no megabyte', { megabytesPerDay: 0 }],
    ['an unknown field', { megabytes: 5 }],
    ['no object', []],
  ])('refuses %s', async (_what, body) => {
    expect(await set('node-D99', body)).toMatchObject({ status: 400, body: { error: 'INVALID_REQUEST' } })
  })

  test('arrives in the configuration under a new version, is audited, and can be taken away', async () => {
    const facility = new TestFacility('D01')
    const password = await facility.join(hub)
    const configuration = async () => (await facility.configuration(hub, password)).body as NodeConfiguration
    const before = await configuration()
    expect(before.sync.budget).toBeUndefined()

    const budget = { kilobitsPerSecond: 64, megabytesPerDay: 50, hours: '22-06', urgent: 'limited' as const }
    expect(await set(facility.nodeName, budget)).toMatchObject({ status: 200, body: { budget } })
    expect(await configuration()).toMatchObject({ version: before.version + 1, sync: { budget } })
    // The same again is no change.
    await set(facility.nodeName, budget)
    expect((await configuration()).version).toBe(before.version + 1)
    const { nodes } = (await hub.operator('/operator/nodes')).body as NodeList
    expect(nodes.find(({ nodeName }) => nodeName === facility.nodeName)?.budget).toEqual(budget)

    expect((await set(facility.nodeName, {})).status).toBe(200)
    const after = await configuration()
    expect([after.sync.budget, after.version]).toEqual([undefined, before.version + 2])

    const { entries } = (await hub.operator(`/operator/audit?node=${facility.nodeName}`)).body as AuditList
    expect(entries.filter(({ action }) => action === 'budget').map(({ reason, outcome }) => [reason, outcome])).toEqual(
      [
        ['64 kbit/s, 50 MB a day, hours 22-06, urgent limited', 'allowed'],
        ['64 kbit/s, 50 MB a day, hours 22-06, urgent limited', 'allowed'],
        ['none', 'allowed'],
      ],
    )
  })
})

describe('GET /node/configuration', () => {
  test('answers 304 and nothing to whoever has it already, and the whole once it is another', async () => {
    const facility = new TestFacility('D02')
    const password = await facility.join(hub)
    const ask = (tag?: string) =>
      hub.ask('/node/configuration', {
        authorization: basic(facility.nodeName, password),
        ...(tag !== undefined && { headers: { 'if-none-match': tag } }),
      })
    const first = await ask()
    const tag = first.headers.get('etag') ?? ''
    expect(tag).toMatch(/^"[\w-]{16}"$/)
    expect(await ask(tag)).toMatchObject({ status: 304, body: '' })
    expect((await ask(`"other", W/${tag}`)).status).toBe(304)
    expect((await ask('"other"')).status).toBe(200)
    await set(facility.nodeName, { hours: '22-06' })
    const changed = await ask(tag)
    expect(changed).toMatchObject({ status: 200, body: { sync: { budget: { hours: '22-06' } } } })
    expect(changed.headers.get('etag')).not.toBe(tag)
  })

  test('tells a suspended node so, whatever it has', async () => {
    const facility = new TestFacility('D03')
    const password = await facility.join(hub)
    const tag = (await facility.configuration(hub, password)).headers.get('etag') ?? ''
    await hub.operator(`/operator/nodes/${facility.nodeName}/suspend`, { reason: 'Stolen.' })
    const fresh = await startGateway(store)
    const answer = await fresh.ask('/node/configuration', {
      authorization: basic(facility.nodeName, password),
      headers: { 'if-none-match': tag },
    })
    await fresh.stop()
    expect(answer).toMatchObject({ status: 403, body: { error: 'NODE_SUSPENDED' } })
  })

  test('has other rules at a hub that decides otherwise about documents', async () => {
    const other = await startGateway(store, { rules: 'others' })
    const facility = new TestFacility('D04')
    const password = await facility.join(hub)
    const rulesAt = async (gateway: Gateway) =>
      ((await facility.configuration(gateway, password)).body as NodeConfiguration).sync.rules
    expect(await rulesAt(hub)).toMatch(/^[\w-]{16}$/)
    expect(await rulesAt(other)).toBe('others')
    await other.stop()
  })
})
