import { PasswordHasher } from '../../../hub/operators/password-hasher'
import { basic } from '../../support/ask'
import { startCouch, type TestCouch } from '../../support/couch'
import { type Answered, Clock, type OperatorGateway, startOperatorGateway } from './serve-operators'

let store: TestCouch
let hub: OperatorGateway
const clock = new Clock()
const PASSWORD = 'empat kuda di pantai'
const KNOWN = ['andi.first', 'budi.first', 'citra.first']

beforeAll(async () => {
  store = await startCouch()
  // As slow as in earnest: whether the times are the same is what is asked.
  hub = await startOperatorGateway(store, { clock, hasher: new PasswordHasher() })
  for (const name of KNOWN)
    await hub.first('/operator/operators', { body: { name, role: 'viewer', password: PASSWORD } })
}, 60_000)
afterAll(async () => {
  await hub?.stop()
  await store?.stop()
})

const ways: [string, (name: string, password: string) => Promise<Answered>][] = [
  ['a session', (name, password) => hub.ask('/operator/session', { body: { name, password } })],
  ['Basic', (name, password) => hub.ask('/operator/nodes', { authorization: basic(name, password) })],
]

test.each(ways)('by %s a name that nobody has gets the very answer of a wrong password', async (_way, make) => {
  const seen = async (name: string) => {
    const { status, body, cookies, header } = await make(name, 'wrong, and long enough')
    return { status, body, cookies, challenge: header('www-authenticate'), retry: header('retry-after') }
  }
  expect(await seen('nobody.here')).toEqual(await seen(KNOWN[0] ?? ''))
  expect((await seen('nobody.here')).body).toEqual({ error: 'UNAUTHENTICATED', reason: expect.any(String) })
})

test.each(['', 'Siti', 'siti rahayu', 'node-101', 'siti:x', '../siti', 'operator:siti', '_design/x', 'x'.repeat(100)])(
  'by Basic %j, which can be no name, is a wrong password too',
  async (name) => {
    const answer = await hub.ask('/operator/nodes', { authorization: basic(name, PASSWORD) })
    expect([answer.status, answer.code]).toEqual([401, 'UNAUTHENTICATED'])
  },
)

test('a name that nobody has takes the work of a wrong password', async () => {
  /** Of the processor, with that of the hash, which another thread does: what else the machine is busy with is not in it. */
  const worked = async (name: string) => {
    // Far enough apart that nothing is locked.
    clock.pass(2 * 60 * 60_000)
    const before = process.cpuUsage()
    await hub.ask('/operator/session', { body: { name, password: 'wrong, and long enough' } })
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  }
  const known: number[] = []
  const unknown: number[] = []
  const neither: number[] = []
  for (let round = 0; round < 9; round++) {
    known.push(await worked(KNOWN[round % 3] ?? ''))
    unknown.push(await worked(['dewi.none', 'eko.none', 'fitri.none'][round % 3] ?? ''))
    // The first account, which everybody knows to be there, costs no slow hash: so much is all the rest.
    neither.push(await worked('operator'))
  }
  const least = (times: number[]) => Math.min(...times)
  expect(least(neither)).toBeLessThan(least(known) * 0.5)
  expect(least(unknown)).toBeGreaterThan(least(known) * 0.7)
  expect(least(unknown)).toBeLessThan(least(known) * 1.4)
}, 120_000)
