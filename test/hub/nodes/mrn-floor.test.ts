import type { NodeConfiguration } from '../../../schemas/generated/types'
import { type Answer, basic } from '../../support/ask'
import { startCouch, type TestCouch } from '../../support/couch'
import { TestFacility } from '../../support/facility'
import { type Gateway, startGateway } from '../../support/gateway'

let store: TestCouch
let hub: Gateway
let other: Gateway

beforeAll(async () => {
  store = await startCouch()
  hub = await startGateway(store)
  other = await startGateway(store)
})

afterAll(async () => {
  await hub?.stop()
  await other?.stop()
  await store?.stop()
})

const asked = ({ nodeName }: TestFacility, password: string, query = '', at = hub): Promise<Answer> =>
  at.ask(`/node/configuration${query}`, { authorization: basic(nodeName, password) })
const floorIn = ({ body }: Answer) => (body as NodeConfiguration).sync?.mrnFloor

test('refuses what is no counter', async () => {
  const facility = new TestFacility('A0')
  const password = await facility.join(hub)
  for (const text of ['', '-1', '1.5', '10000000', '1e3', '0x10', ' 7', 'NaN', '1&mrnCounter=2']) {
    const { status, body } = await asked(facility, password, `?mrnCounter=${text.replace(' ', '%20')}`)
    expect([text, status, (body as { error?: string }).error]).toEqual([text, 400, 'INVALID_REQUEST'])
  }
  expect(floorIn(await asked(facility, password))).toBe(0)
})

test('nobody but the node tells its counter', async () => {
  const [one, two] = [new TestFacility('A1'), new TestFacility('A2')]
  const [password, others] = [await one.join(hub), await two.join(hub)]
  expect((await asked(one, others, '?mrnCounter=500')).status).toBe(401)
  expect(floorIn(await asked(two, others, '?mrnCounter=500'))).toBe(500)
  expect(floorIn(await asked(one, password))).toBe(0)
})

test('is what was told, at every gateway, and never goes down', async () => {
  const facility = new TestFacility('301')
  const password = await facility.join(hub)
  const floors: (number | undefined)[] = []
  for (const [query, at] of [
    ['', hub],
    ['?mrnCounter=0', hub],
    ['?mrnCounter=41', hub],
    ['', other],
    ['?mrnCounter=12', other],
    ['?mrnCounter=41', hub],
    ['?mrnCounter=9999999', other],
    ['?mrnCounter=42', hub],
  ] as const) {
    floors.push(floorIn(await asked(facility, password, query, at)))
  }
  expect(floors).toEqual([0, 0, 41, 41, 41, 41, 9_999_999, 9_999_999])
})

test('two gateways at once: no answer is below what was told with it, and the highest stays', async () => {
  const facility = new TestFacility('302')
  const password = await facility.join(hub)
  const told = Array.from({ length: 12 }, (_, index) => (index * 37) % 100)
  const answers = await Promise.all(
    told.map((counter, index) => asked(facility, password, `?mrnCounter=${counter}`, index % 2 ? hub : other)),
  )
  for (const [index, answer] of answers.entries()) expect(floorIn(answer)).toBeGreaterThanOrEqual(told[index] ?? 100)
  for (const at of [hub, other]) expect(floorIn(await asked(facility, password, '', at))).toBe(Math.max(...told))
})

test('stays with the facility where a new machine takes its place, and stands in the first answer', async () => {
  const old = new TestFacility('303')
  await asked(old, await old.join(hub), '?mrnCounter=77')
  await hub.operator('/operator/nodes/node-303/reopen', {})
  const fresh = new TestFacility('303')
  const password = await fresh.join(hub)
  expect((await fresh.look(hub)).configuration?.sync.mrnFloor).toBe(77)
  expect(await asked(fresh, password, '?mrnCounter=0')).toMatchObject({ status: 200, body: { sync: { mrnFloor: 77 } } })
})

test('when it was last seen and what it told do not undo each other', async () => {
  const facility = new TestFacility('304')
  const password = await facility.join(hub)
  await asked(facility, password, '?mrnCounter=5')
  const later = await startGateway(store, { now: () => new Date(Date.now() + 3_600_000) })
  await asked(facility, password, '', later)
  expect(floorIn(await asked(facility, password, '?mrnCounter=6', later))).toBe(6)
  expect(floorIn(await asked(facility, password))).toBe(6)
  await later.stop()
})
