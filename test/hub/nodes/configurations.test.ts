import type { AuditList, ConfigurationList, NodeConfiguration } from '../../../schemas/generated/types'
import { basic } from '../../support/ask'
import { startCouch, type TestCouch } from '../../support/couch'
import { TestFacility } from '../../support/facility'
import { type Gateway, OPERATOR_PASSWORD, startGateway } from '../../support/gateway'

let store: TestCouch
let gateways: Gateway[]

beforeAll(async () => {
  store = await startCouch()
  gateways = [await startGateway(store), await startGateway(store)]
}, 60_000)
afterAll(async () => {
  for (const gateway of gateways ?? []) await gateway.stop()
  await store?.stop()
})

const authorization = basic('operator', OPERATOR_PASSWORD)
const hub = (number = 0) => gateways[number] as Gateway
const put = (nodeName: string, body: unknown, gateway = hub()) =>
  gateway.ask(`/operator/nodes/${nodeName}/configuration`, { method: 'PUT', body, authorization })
const restore = (nodeName: string, version: unknown) =>
  hub().operator(`/operator/nodes/${nodeName}/configurations/${version}/restore`, {})
const versions = async (nodeName: string) =>
  ((await hub().operator(`/operator/nodes/${nodeName}/configurations`)).body as ConfigurationList).configurations
async function joined(
  externalId: string,
): Promise<{ nodeName: string; sync: () => Promise<NodeConfiguration['sync']> }> {
  const facility = new TestFacility(externalId)
  const password = await facility.join(hub())
  const sync = async () => ((await facility.configuration(hub(1), password)).body as NodeConfiguration).sync
  return { nodeName: facility.nodeName, sync }
}

describe('PUT /operator/nodes/{nodeName}/configuration', () => {
  test.each([
    ['nothing', {}],
    ['a lane that no edge has a rule for', { sync: { lanes: { urgent: ['Basic'] } } }],
    ['a filter, which no edge takes from anybody', { sync: { filter: { hold: ['Patient'] } } }],
    ['a budget that is none', { sync: { budget: { hours: '1' } } }],
    ['another version', { sync: {}, version: 7 }],
  ])('refuses %s', async (_what, body) => {
    expect(await put('node-C99', body)).toMatchObject({ status: 400, body: { error: 'INVALID_REQUEST' } })
  })

  test('is refused for a node that was not accepted', async () => {
    expect(await put('node-C99', { sync: {} })).toMatchObject({ status: 404, body: { error: 'NODE_UNKNOWN' } })
  })

  test('arrives at the edge, is audited in words, and keeps what held before', async () => {
    const { nodeName, sync } = await joined('C01')
    expect(await versions(nodeName)).toMatchObject([{ version: 1, by: 'operator', sync: {} }])
    const asked = { budget: { megabytesPerDay: 50 }, lanes: { urgent: ['Patient', 'Immunization'] } }
    expect(await put(nodeName, { sync: asked, note: 'The campaign.' })).toMatchObject({ status: 200, body: asked })
    expect(await sync()).toMatchObject(asked)
    // The same again is no change.
    await put(nodeName, { sync: asked })
    expect(await versions(nodeName)).toMatchObject([{ version: 2, note: 'The campaign.', sync: asked }, { version: 1 }])
    const { entries } = (await hub().operator(`/operator/audit?node=${nodeName}`)).body as AuditList
    expect(entries.filter(({ action }) => action === 'configuration')[0]).toMatchObject({
      operator: 'operator',
      reason: 'budget 50 MB a day; first Patient, Immunization',
      outcome: 'allowed',
    })

    // What is not said is as the edge does it by itself.
    await put(nodeName, { sync: { lanes: { urgent: [] } } })
    const { budget, lanes } = await sync()
    expect([budget, lanes]).toEqual([undefined, { urgent: [] }])
  })

  test('at two gateways at a time loses no version', async () => {
    const { nodeName } = await joined('C02')
    const budgets = [10, 20, 30, 40, 50, 60]
    const answers = await Promise.all(
      budgets.map((megabytesPerDay, index) => put(nodeName, { sync: { budget: { megabytesPerDay } } }, hub(index % 2))),
    )
    expect(answers.map(({ status }) => status)).toEqual(budgets.map(() => 200))
    const all = await versions(nodeName)
    expect(all.map(({ version }) => version)).toEqual([7, 6, 5, 4, 3, 2, 1])
    const set = all.flatMap(({ sync: { budget } }) => budget?.megabytesPerDay ?? [])
    expect(set.sort()).toEqual(budgets)
  })
})

describe('the way back', () => {
  test('is none to a version that never was', async () => {
    const { nodeName } = await joined('C10')
    for (const version of ['0', '99', 'one', '%20']) {
      expect(await restore(nodeName, version)).toMatchObject({ status: 404, body: { error: 'CONFIGURATION_UNKNOWN' } })
    }
  })

  test('is a new version, and leaves the data access and the state alone', async () => {
    const { nodeName, sync } = await joined('C20')
    const first = { lanes: { urgent: ['Encounter'] } }
    await put(nodeName, { sync: first })
    await hub().ask(`/operator/nodes/${nodeName}/budget`, { method: 'PUT', body: { hours: '22-06' }, authorization })
    expect(await sync()).toMatchObject({ ...first, budget: { hours: '22-06' } })
    await hub().operator(`/operator/nodes/${nodeName}/suspend`, { reason: 'Stolen.' })
    const restored = await restore(nodeName, 2)
    expect(restored).toMatchObject({ status: 200, body: { ...first, state: 'suspended' } })
    expect((await versions(nodeName)).map(({ version, note }) => [version, note])).toEqual([
      [5, 'As version 2.'],
      [3, undefined],
      [2, undefined],
      [1, undefined],
    ])
  })
})
