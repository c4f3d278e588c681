import { connect } from '../../../hub/couch/connect'
import { setUpCouch } from '../../../hub/couch/set-up'
import { databaseOf } from '../../../hub/nodes/couch-nodes'
import { endOf } from '../../../hub/nodes/database'
import { SignInTries } from '../../../hub/operators/sign-in-tries'
import { FORGOTTEN_MS } from '../../../hub/operators/tries'
import { createLog } from '../../../runtime/log'
import { hashOfSecret } from '../../../runtime/same-secret'
import { startCouch, type TestCouch } from '../../support/couch'
import { until } from '../../support/processes'
import { Clock } from './serve-operators'

let store: TestCouch
let couch: ReturnType<typeof connect>

beforeAll(async () => {
  store = await startCouch()
  couch = connect(store.address)
  await setUpCouch(couch, { log: createLog('hub', 'silent'), signal: AbortSignal.timeout(60_000) })
})
afterAll(async () => {
  await couch?.stop()
  await store?.stop()
})

test('what counts no more is cleared away in the course of others’ tries, and what counts stays', async () => {
  const clock = new Clock()
  const database = databaseOf(couch.database('node_security'))
  const kept = () => database.ids('tries:', endOf('tries:'))
  let slice = 0
  const failed = jest.fn()
  const tries = new SignInTries(database, hashOfSecret, clock.now, failed, () => (slice++ % 256) / 256)
  const known = await tries.begin({ name: 'siti', address: '192.0.2.1', isFirst: false })
  await known.right()
  for (let n = 0; n < 10; n++) await tries.begin({ name: `name${n}`, address: `198.51.100.${n}`, isFirst: false })
  const before = await kept()
  expect(before.length).toBeGreaterThan(30)
  clock.pass(FORGOTTEN_MS)
  // Each looks at one 256th.
  for (let n = 0; n < 256; n++) {
    clock.pass(1_000)
    await (await tries.begin({ name: 'operator', address: '203.0.113.1', isFirst: true })).right()
  }
  // The known address, and who has signed in meanwhile. Nobody waits for the last to be cleared.
  await until('it is cleared away', async () => (await kept()).length === 2, 10_000)
  expect((await tries.begin({ name: 'siti', address: '192.0.2.1', isFirst: false })).rightAt).toBeDefined()
  expect(failed).not.toHaveBeenCalled()
}, 120_000)

test.each(['get', 'put'] as const)('nothing is tried where wrong ones can not be counted: %s fails', async (call) => {
  const clock = new Clock()
  const database = databaseOf(couch.database('node_security'))
  const broken = { ...database, [call]: () => Promise.reject(new Error('the database is gone')) }
  const tries = new SignInTries(broken, hashOfSecret, clock.now, () => undefined)
  await expect(tries.begin({ name: 'siti', address: '192.0.2.2', isFirst: false })).rejects.toThrow('is gone')
})
