import { type Couch, connect } from '../../../hub/couch/connect'
import { setUpCouch } from '../../../hub/couch/set-up'
import { acceptRegistration } from '../../../hub/nodes/accept-registration'
import { databaseOf } from '../../../hub/nodes/couch-nodes'
import { type NodeStores, openNodeStores } from '../../../hub/nodes/node-stores'
import { requestRegistration } from '../../../hub/nodes/registrations'
import { reopenNode } from '../../../hub/nodes/reopen-node'
import { sealerOf } from '../../../hub/nodes/seal'
import { hashOfClaim } from '../../../protocol/claim'
import { createLog } from '../../../runtime/log'
import { Secret } from '../../../runtime/settings'
import { startCouch, type TestCouch } from '../../support/couch'

let store: TestCouch
let couch: Couch
let stores: NodeStores
let clock = Date.parse('2026-11-22T07:41:03.120Z')

beforeAll(async () => {
  store = await startCouch()
  couch = connect(store.address)
  await setUpCouch(couch, { log: createLog('hub', 'silent'), signal: AbortSignal.timeout(60_000) })
  const open = (name: string) => databaseOf(couch.database(name))
  stores = openNodeStores({
    nodes: open('nodes'),
    nodeSecurity: open('node_security'),
    users: open('_users'),
    sealer: sealerOf(new Secret('ab'.repeat(32))),
    audit: async () => undefined,
    now: () => {
      clock += 1_000
      return new Date(clock)
    },
  })
})
afterAll(async () => {
  await couch?.stop()
  await store?.stop()
})

async function accepted(externalId: string, machine: string): Promise<string> {
  const request = { externalId, name: 'Puskesmas', claimHash: hashOfClaim(machine) }
  const { registration } = await requestRegistration(request, '0'.repeat(32), { ...stores, waiting: async () => [] })
  await acceptRegistration(registration.id, 'operator', stores)
  return registration.id
}
const nodeOf = async (nodeName: string) => (await stores.nodes.get(nodeName)) as { _id: string; reopenedAt?: string }

test('accepting again closes a node that a crash has left open', async () => {
  await accepted('J1', 'old')
  await reopenNode('node-J1', 'operator', stores)
  const { reopenedAt } = await nodeOf('node-J1')
  const id = await accepted('J1', 'new')
  expect(await nodeOf('node-J1')).not.toHaveProperty('reopenedAt')
  // As if the last write had not been made.
  await stores.nodes.put({ ...(await nodeOf('node-J1')), reopenedAt } as { _id: string })
  await acceptRegistration(id, 'operator', stores)
  expect(await nodeOf('node-J1')).not.toHaveProperty('reopenedAt')
})

test('accepting again does not close a node that was reopened since', async () => {
  const id = await accepted('J2', 'old')
  await reopenNode('node-J2', 'operator', stores)
  await acceptRegistration(id, 'operator', stores)
  expect(await nodeOf('node-J2')).toHaveProperty('reopenedAt')
})
