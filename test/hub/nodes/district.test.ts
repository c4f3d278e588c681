import type { AuditList, NodeConfiguration, NodeList, NodeSummary } from '../../../schemas/generated/types'
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
  hub.ask(`/operator/nodes/${nodeName}/district`, {
    method: 'PUT',
    body,
    authorization: basic('operator', OPERATOR_PASSWORD),
  })

describe('PUT /operator/nodes/{nodeName}/district', () => {
  test('is refused for a node that was not accepted', async () => {
    expect(await set('node-D99', { district: 'Alor' })).toMatchObject({ status: 404, body: { error: 'NODE_UNKNOWN' } })
  })

  test.each([
    ['no text', { district: '' }],
    ['a long one', { district: 'x'.repeat(101) }],
    ['another field', { place: 'Alor' }],
    ['no object', []],
  ])('refuses %s', async (_what, body) => {
    expect(await set('node-D99', body)).toMatchObject({ status: 400, body: { error: 'INVALID_REQUEST' } })
  })

  test('is shown, audited, taken away again, and no matter of the edge', async () => {
    const facility = new TestFacility('D01')
    const password = await facility.join(hub)
    const { nodeName } = facility
    const version = async () => ((await facility.configuration(hub, password)).body as NodeConfiguration).version
    const before = await version()
    expect(await set(nodeName, { district: ' Alor ' })).toMatchObject({ status: 200, body: { district: 'Alor' } })
    const shown = async () => {
      const { nodes } = (await hub.operator('/operator/nodes')).body as NodeList
      return nodes.find((node) => node.nodeName === nodeName)?.district
    }
    expect(await shown()).toBe('Alor')
    expect(((await set(nodeName, {})).body as NodeSummary).district).toBeUndefined()
    expect(await shown()).toBeUndefined()
    expect(await version()).toBe(before)
    const { entries } = (await hub.operator(`/operator/audit?node=${nodeName}&kind=node`)).body as AuditList
    expect(entries.map(({ action, reason }) => [action, reason])).toEqual([
      ['district', 'Alor'],
      ['district', 'As it says.'],
    ])
  })
})
