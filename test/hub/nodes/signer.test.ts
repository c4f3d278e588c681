import { connect } from '../../../hub/couch/connect'
import type { CouchDatabase } from '../../../hub/couch/couch-database'
import { NodeSessions } from '../../../hub/couch/run-as'
import { setUpCouch } from '../../../hub/couch/set-up'
import { openNodes } from '../../../hub/nodes/open-nodes'
import { sealerOf } from '../../../hub/nodes/seal'
import { createLog } from '../../../runtime/log'
import { Secret } from '../../../runtime/settings'
import { basic } from '../../support/ask'
import { startCouch, type TestCouch } from '../../support/couch'
import { TestFacility } from '../../support/facility'
import { type Gateway, startGateway } from '../../support/gateway'

/** What is read of the database for a name that signs, known or not, so that the time tells nobody which names there are. */
let store: TestCouch
let gateway: Gateway

beforeAll(async () => {
  store = await startCouch()
  gateway = await startGateway(store)
}, 60_000)

afterAll(async () => {
  await gateway?.stop()
  await store?.stop()
})

test('a name that nobody has costs the same reads as a node, the first time, again, and anew', async () => {
  const facility = new TestFacility('102')
  const { nodeName } = facility
  const authorization = basic(nodeName, await facility.join(gateway))
  await gateway.ask('/node/data-access', { method: 'POST', authorization })
  await gateway.operator(`/operator/nodes/${nodeName}/data-access/accept`, {})
  const couch = connect(store.address)
  const sessions = new NodeSessions(store.address.url)
  const { hubId } = await setUpCouch(couch, { log: createLog('hub', 'silent'), signal: AbortSignal.timeout(60_000) })
  const reads: string[] = []
  const counted = (name: string) => {
    const database = couch.database(name)
    const get: CouchDatabase['get'] = (id, options) => {
      reads.push(`${name} ${id.replace(/node-[A-Z0-9]+/, 'node-…')}`)
      return database.get(id, options)
    }
    return new Proxy(database, {
      get: (target, property) => {
        if (property === 'get') return get
        const value: unknown = Reflect.get(target, property, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }
  const { signerOf } = openNodes({
    database: counted,
    sessions,
    addressHashOf: () => '0'.repeat(32),
    sealer: sealerOf(new Secret(Buffer.alloc(32, 5).toString('base64url'))),
    hubId,
    rules: '1',
    overlapMs: 1,
    writeAudit: async () => 'written',
    refusedFor: async () => [],
    registered: () => undefined,
    reported: () => undefined,
    log: createLog('hub', 'silent'),
  })
  const readsOf = async (name: string, isFresh: boolean) => {
    reads.length = 0
    const { node, nodePasswords } = await signerOf(name, isFresh)
    expect([node?.nodeName, nodePasswords.length]).toEqual(name === nodeName ? [nodeName, 1] : [undefined, 0])
    return [...reads].sort()
  }
  const of = async (name: string) => [await readsOf(name, false), await readsOf(name, false), await readsOf(name, true)]
  const known = await of(nodeName)
  expect(await of('node-999')).toEqual(known)
  expect(known.map((some) => some.length > 0)).toEqual([true, false, true])
  await sessions.stop()
  await couch.stop()
}, 60_000)
