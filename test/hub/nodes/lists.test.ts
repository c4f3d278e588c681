import { type Couch, connect } from '../../../hub/couch/connect'
import { setUpCouch } from '../../../hub/couch/set-up'
import { databaseOf } from '../../../hub/nodes/couch-nodes'
import { nodeList } from '../../../hub/nodes/lists'
import { RefusalList } from '../../../hub/sync/refusal-list'
import { createLog } from '../../../runtime/log'
import { startCouch, type TestCouch } from '../../support/couch'

let store: TestCouch
let couch: Couch

beforeAll(async () => {
  store = await startCouch()
  couch = connect(store.address)
  await setUpCouch(couch, { log: createLog('hub', 'silent'), signal: AbortSignal.timeout(60_000) })
})
afterAll(async () => {
  await couch?.stop()
  await store?.stop()
})

test('counts what each node was refused, without reading a single refusal', async () => {
  const nodes = couch.database('nodes')
  const at = '2026-11-22T07:41:03.120Z'
  for (const externalId of ['101', '102', '103']) {
    const nodeName = `node-${externalId}`
    const standing = { state: 'active', acceptedAt: at, configurationVersion: 1, dataAccess: { status: 'none' } }
    const node = {
      _id: nodeName,
      kind: 'node',
      nodeName,
      externalId,
      name: 'Puskesmas',
      registrationId: 'r'.repeat(16),
    }
    await nodes.put({ ...node, ...standing })
  }
  const refusals = new RefusalList(nodes, () => new Date(at))
  const refused = (externalId: string, count: number) =>
    Array.from({ length: count }, (_, index) => ({
      id: `${externalId}:Location:l${index}`,
      error: 'forbidden',
      reason: 'x',
    }))
  await refusals.note('node-101', refused('101', 7), [])
  await refusals.note('node-103', refused('103', 2), [])
  const database = databaseOf(nodes)
  const unlessRefusals =
    <T>(read: (first: string, last: string) => Promise<T>) =>
    async (first: string, last: string) => {
      if (first.startsWith('refused:')) throw new Error('refusals were read')
      return read(first, last)
    }
  const counts = async () => {
    const watched = { ...database, ids: unlessRefusals(database.ids), range: unlessRefusals(database.range) }
    const list = await nodeList(watched, { seen: async () => new Map(), reports: async () => new Map() })
    return Object.fromEntries(list.nodes.map(({ nodeName, refusedDocuments }) => [nodeName, refusedDocuments]))
  }
  expect(await counts()).toEqual({ 'node-101': 7, 'node-102': 0, 'node-103': 2 })

  await refusals.note('node-101', [], ['101:Location:l0', '101:Location:l1'])
  expect(await counts()).toEqual({ 'node-101': 5, 'node-102': 0, 'node-103': 2 })
})
