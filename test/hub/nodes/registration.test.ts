import { hashOfClaim, pairingCodeOf } from '../../../protocol/claim'
import { basic } from '../../support/ask'
import { startCouch, type TestCouch } from '../../support/couch'
import { TestFacility } from '../../support/facility'
import { type Gateway, OPERATOR_PASSWORD, startGateway } from '../../support/gateway'

let store: TestCouch
let one: Gateway
let two: Gateway
const started: Gateway[] = []

beforeAll(async () => {
  store = await startCouch()
  one = await startGateway(store)
  two = await startGateway(store)
  started.push(one, two)
})

afterAll(async () => {
  for (const gateway of started) await gateway.stop()
  await store?.stop()
})

const accept = (gateway: Gateway, { id }: TestFacility) => gateway.operator(`/operator/registrations/${id}/accept`, {})
const reject = (gateway: Gateway, { id }: TestFacility) =>
  gateway.operator(`/operator/registrations/${id}/reject`, { reason: 'The code was another.' })
const codeOf = ({ body }: { body: unknown }) => (body as { error?: string }).error

describe('asking to be registered', () => {
  test.each([
    ['no body', undefined],
    ['an external ID in small letters', { externalId: 'ab1', name: 'A', claimHash: 'a'.repeat(64) }],
    ['an external ID of one character', { externalId: 'A', name: 'A', claimHash: 'a'.repeat(64) }],
    ['no name', { externalId: 'AB1', name: '', claimHash: 'a'.repeat(64) }],
    ['the claim itself', { externalId: 'AB1', name: 'A', claimHash: 'b'.repeat(43) }],
    ['a field that nobody knows', { externalId: 'AB1', name: 'A', claimHash: 'a'.repeat(64), status: 'accepted' }],
  ])('is refused with %s', async (_what, body) => {
    const answer = await one.ask('/registrations', { method: 'POST', body })
    expect(answer).toMatchObject({ status: 400, body: { error: 'INVALID_REQUEST' } })
  })

  test('gets a receipt, and the same one again for the same request, at any gateway', async () => {
    const facility = new TestFacility('A01')
    const first = await facility.register(one)
    expect(first.status).toBe(201)
    expect(first.body).toEqual({
      id: expect.stringMatching(/^[a-z2-7]{26}$/),
      status: 'pending',
      pairingCode: pairingCodeOf(hashOfClaim(facility.claim)),
    })
    expect(await facility.register(two)).toMatchObject({ status: 200, body: first.body })
  })

  test('makes one registration of requests that come at the same moment at two gateways', async () => {
    const facility = new TestFacility('A02')
    const answers = await Promise.all([one, two, one, two, one].map((gateway) => facility.register(gateway)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 201])
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1)
  })

  test('several may wait for one external ID, up to a bound that says when to come again', async () => {
    const answers = []
    for (let count = 0; count < 11; count++) answers.push(await new TestFacility('A03').register(one))
    expect(answers.slice(0, 10).map(({ status }) => status)).toEqual(Array(10).fill(201))
    expect(answers[10]).toMatchObject({ status: 429, body: { error: 'TOO_MANY_REGISTRATIONS' } })
    expect(answers[10]?.headers.get('retry-after')).toBe('3600')
    expect((await new TestFacility('A04').register(one)).status).toBe(201)
  })

  test.each([
    ['B10', 'B10', 'the same'],
    ['B20', 'B201', 'one that begins with it'],
    ['B301', 'B30', 'one that it begins with'],
    ['B401234', 'B4', 'one that it begins with, much shorter'],
  ])('is refused where %s was accepted: %s is %s', async (accepted, asked) => {
    await new TestFacility(accepted).join(one)
    expect(await new TestFacility(asked).register(two)).toMatchObject({
      status: 409,
      body: { error: 'EXTERNAL_ID_TAKEN' },
    })
  })

  test('expires after thirty days, and can then be asked anew', async () => {
    let now = new Date()
    const later = await startGateway(store, { now: () => now })
    started.push(later)
    const facility = new TestFacility('A05')
    await facility.register(later)
    now = new Date(now.getTime() + 31 * 24 * 60 * 60_000)
    await expect(facility.look(later)).rejects.toThrow(/^401/)
    expect(codeOf(await accept(later, facility))).toBe('REGISTRATION_UNKNOWN')
    expect(await facility.register(later)).toMatchObject({ status: 201, body: { status: 'pending' } })
    expect((await facility.look(later)).status).toBe('pending')
  })
})

describe('looking at a registration', () => {
  test('is refused alike for a wrong claim, an unknown id and no claim', async () => {
    const facility = new TestFacility('C01')
    await facility.register(one)
    const answers = [
      await one.ask(`/registrations/${facility.id}`, { authorization: `Bearer ${new TestFacility('C01').claim}` }),
      await one.ask(`/registrations/${'a'.repeat(26)}`, { authorization: `Bearer ${facility.claim}` }),
      await one.ask('/registrations/_design%2Fx', { authorization: `Bearer ${facility.claim}` }),
      await one.ask(`/registrations/${facility.id}`),
      await one.ask(`/registrations/${facility.id}`, { authorization: basic('operator', OPERATOR_PASSWORD) }),
    ]
    for (const { status, body } of answers) {
      expect({ status, body }).toEqual({ status: 401, body: answers[0]?.body })
    }
    expect(codeOf(answers[0] ?? { body: {} })).toBe('UNAUTHENTICATED')
  })

  test('shows credentials until they were used, and never after', async () => {
    const facility = new TestFacility('C02')
    const password = await facility.join(one)
    expect(password).toMatch(/^[A-Za-z0-9_-]{43}$/)
    const answer = await facility.look(two)
    expect(answer).toEqual({
      id: facility.id,
      status: 'accepted',
      credentials: { nodeName: 'node-C02', syncPassword: password },
      configuration: {
        version: 1,
        hubId: expect.any(String),
        sync: { url: `${two.url}/sync/ehr`, filter: 'own/own', mrnFloor: 0, rules: expect.any(String) },
        dataAccess: { status: 'none' },
      },
    })
    expect(await facility.configuration(two, password)).toMatchObject({ status: 200, body: answer.configuration })
    const { credentials, ...rest } = await facility.look(one)
    expect(credentials).toBeUndefined()
    expect(rest.configuration).toBeDefined()
    expect((await facility.configuration(one, password)).status).toBe(200)
  })

  test('says why it was rejected', async () => {
    const facility = new TestFacility('C03')
    await facility.register(one)
    expect((await reject(one, facility)).status).toBe(200)
    expect(await facility.look(two)).toEqual({ id: facility.id, status: 'rejected', reason: 'The code was another.' })
  })
})

describe('deciding', () => {
  test('an unknown registration is none to decide about', async () => {
    const unknown = Object.assign(new TestFacility('D00'), { id: 'a'.repeat(26) })
    expect(codeOf(await accept(one, unknown))).toBe('REGISTRATION_UNKNOWN')
    expect(codeOf(await reject(one, unknown))).toBe('REGISTRATION_UNKNOWN')
  })

  test('accepting or rejecting twice changes nothing; the other way it is refused', async () => {
    const [yes, no] = [new TestFacility('D01'), new TestFacility('D02')]
    await yes.register(one)
    await no.register(one)
    const accepted = await accept(one, yes)
    expect(accepted).toMatchObject({ status: 200, body: { status: 'accepted', decidedBy: 'operator' } })
    const password = await yes.syncPassword(one)
    expect(await accept(two, yes)).toMatchObject({ status: 200, body: accepted.body })
    expect(await yes.syncPassword(two)).toBe(password)
    expect(codeOf(await reject(two, yes))).toBe('REGISTRATION_DECIDED')
    const rejected = await reject(one, no)
    expect(await reject(two, no)).toMatchObject({ status: 200, body: rejected.body })
    expect(codeOf(await accept(two, no))).toBe('REGISTRATION_DECIDED')
  })

  test('accepting one of several that wait leaves the others waiting, and they can not be accepted', async () => {
    const [right, squatter] = [new TestFacility('D03'), new TestFacility('D03')]
    await squatter.register(one)
    await right.register(one)
    expect((await accept(one, right)).status).toBe(200)
    expect((await squatter.look(one)).status).toBe('pending')
    expect(codeOf(await accept(one, squatter))).toBe('EXTERNAL_ID_TAKEN')
    expect((await reject(one, squatter)).status).toBe(200)
  })

  test('never accepts two that clash, at two gateways at the same moment', async () => {
    for (let round = 10; round < 18; round++) {
      const [short, long] = [new TestFacility(`E${round}`), new TestFacility(`E${round}1`)]
      await short.register(one)
      await long.register(two)
      const answers = await Promise.all([accept(one, short), accept(two, long)])
      const statuses = answers.map(({ status }) => status)
      expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(1)
      for (const answer of answers) if (answer.status !== 200) expect(codeOf(answer)).toBe('EXTERNAL_ID_TAKEN')
      // Whoever withdrew is as it was: once more, one after the other, exactly one is in.
      await accept(one, short)
      await accept(two, long)
      expect([await short.look(one), await long.look(one)].map(({ status }) => status).sort()).toEqual([
        'accepted',
        'pending',
      ])
    }
  })

  test('accepting one registration many times at once gives it one password, and that one works', async () => {
    const facility = new TestFacility('D04')
    await facility.register(one)
    const answers = await Promise.all([one, two, one, two].map((gateway) => accept(gateway, facility)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    const password = await facility.syncPassword(one)
    expect((await facility.configuration(two, password)).status).toBe(200)
  })

  test('rejecting and accepting at the same moment ends in one of the two', async () => {
    for (let round = 10; round < 16; round++) {
      const facility = new TestFacility(`F${round}`)
      await facility.register(one)
      await Promise.all([accept(one, facility), reject(two, facility)])
      const { status, credentials } = await facility.look(one)
      const nodes = (await one.operator('/operator/nodes')).body as { nodes: { nodeName: string }[] }
      const hasNode = nodes.nodes.some(({ nodeName }) => nodeName === facility.nodeName)
      expect([status, credentials !== undefined, hasNode]).toEqual(
        status === 'accepted' ? ['accepted', true, true] : ['rejected', false, false],
      )
    }
  })
})
