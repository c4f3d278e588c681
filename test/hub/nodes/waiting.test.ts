import { tooMany, WAITING, type Waiting } from '../../../hub/nodes/waiting'
import type { AuditList, RejectAllResult } from '../../../schemas/generated/types'
import { startCouch, type TestCouch } from '../../support/couch'
import { TestFacility } from '../../support/facility'
import { type Gateway, startGateway } from '../../support/gateway'

/** Asks from each address in turn until none may any more. */
function filled(addresses: readonly string[]): Waiting[] {
  const alive: Waiting[] = []
  for (let isAny = true; isAny; ) {
    isAny = false
    for (const addressHash of addresses) {
      const id = `F${alive.length}`
      if (tooMany({ externalId: id, addressHash }, alive) !== undefined) continue
      alive.push({ id, externalId: id, requestedAt: '2026-11-23T00:00:00.000Z', addressHash })
      isAny = true
    }
  }
  return alive
}

test.each([1, 2, 10, 100, 500])('%i addresses that ask without end leave places free', (count) => {
  const alive = filled(Array.from({ length: count }, (_, at) => `address ${at}`))
  expect(alive.length).toBeLessThan(WAITING.mostInAll)
  expect(tooMany({ externalId: 'NEW', addressHash: 'another' }, alive)).toBeUndefined()
})

test('one address has 200 places while nobody else waits, and is told that it is about the address', () => {
  const alive = filled(['one'])
  expect(alive).toHaveLength(200)
  expect(tooMany({ externalId: 'NEW', addressHash: 'one' }, alive)).toBe('TOO_MANY_FROM_ADDRESS')
})

describe('at gateways', () => {
  let store: TestCouch
  let one: Gateway
  let two: Gateway

  beforeAll(async () => {
    store = await startCouch()
    one = await startGateway(store)
    two = await startGateway(store)
  })
  afterAll(async () => {
    await one?.stop()
    await two?.stop()
    await store?.stop()
  })

  const THIEF = '203.0.113.7'
  const forged: TestFacility[] = []

  test('an address that fills the waiting ones, at two gateways, shuts nobody else out', async () => {
    const of = (at: number) => new TestFacility(`Z${String(at).padStart(3, '0')}`)
    for (let at = 0; at < 200; at += 10) {
      const these = Array.from({ length: 10 }, (_, each) => of(at + each))
      const answers = await Promise.all(these.map((each, index) => each.register(index % 2 ? one : two, THIEF)))
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]))
      forged.push(...these)
    }
    for (const gateway of [one, two]) {
      const refused = await of(900).register(gateway, THIEF)
      expect(refused).toMatchObject({ status: 429, body: { error: 'TOO_MANY_FROM_ADDRESS' } })
      expect(refused.headers.get('retry-after')).toBe('3600')
      expect((await forged[0]?.register(gateway, THIEF))?.status).toBe(200)
    }
    expect((await new TestFacility('Y01').register(two, '198.51.100.1')).status).toBe(201)
  }, 120_000)

  test('the database does not say where anybody asked from', async () => {
    const dump = JSON.stringify((await one.operator('/operator/registrations?status=pending')).body)
    expect(dump).not.toMatch(/addressHash|203[.]0[.]113/)
    const url = `${store.address.url}/nodes/_all_docs?include_docs=true`
    const { username, password } = store.address
    const authorization = `Basic ${Buffer.from(`${username}:${password.reveal()}`).toString('base64')}`
    const documents = await (await fetch(url, { headers: { authorization } })).text()
    expect(documents).toMatch(/"addressHash":"[0-9a-f]{32}"/)
    expect(documents).not.toContain(THIEF)
  })

  test('many are rejected with one reason, each with an entry of its own, and the address has its places back', async () => {
    const known = new TestFacility('X01')
    await known.join(one)
    const ids = [...forged.slice(1).map(({ id }) => id), known.id]
    const { status, body } = await two.operator('/operator/registrations/reject', { ids, reason: 'Forged.' })
    expect(status).toBe(200)
    const { rejected, left } = body as RejectAllResult
    expect([...rejected].sort()).toEqual(ids.slice(0, -1).sort())
    expect(left).toEqual([{ id: known.id, error: 'REGISTRATION_DECIDED', reason: expect.any(String) }])
    const list = (await one.operator('/operator/audit?kind=registration&limit=1000')).body as AuditList
    const entries = list.entries.filter(({ reason }) => reason === 'Forged.')
    expect(entries.filter(({ outcome }) => outcome === 'allowed')).toHaveLength(199)
    expect(entries.filter(({ outcome }) => outcome === 'refused')).toMatchObject([{ code: 'REGISTRATION_DECIDED' }])
    expect((await forged[0]?.look(one))?.status).toBe('pending')
    expect((await new TestFacility('X02').register(one, THIEF)).status).toBe(201)
  }, 120_000)

  test.each([
    ['more than 200', { ids: Array.from({ length: 201 }, (_, at) => `${at}`.padStart(26, 'a')), reason: 'Forged.' }],
    ['none', { ids: [], reason: 'Forged.' }],
    ['no reason', { ids: ['a'.repeat(26)] }],
  ])('%s: nothing is rejected', async (_what, body) => {
    expect(await one.operator('/operator/registrations/reject', body)).toMatchObject({
      status: 400,
      body: { error: 'INVALID_REQUEST' },
    })
  })
})
