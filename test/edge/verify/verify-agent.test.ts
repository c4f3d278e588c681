import { EdgeState } from '../../../edge/store/state'
import { HubUnavailable, type VerifyHub } from '../../../edge/verify/ask-hub'
import { type KeptVerification, VerificationMemory } from '../../../edge/verify/kept-verification'
import type { VerifyPace } from '../../../edge/verify/pace'
import { VerifyAgent } from '../../../edge/verify/verify-agent'
import { createLog } from '../../../runtime/log'
import type { Stoppable } from '../../../runtime/service'
import { type RunningHub, startHub } from '../../support/hub'
import { temporaryFolder, until } from '../../support/processes'
import { location } from '../../support/records'
import { Pair } from './pair'

const PACE: VerifyPace = {
  firstMs: 1_000,
  everyMs: 7 * 24 * 3_600_000,
  jitter: 0.1,
  soonerMs: 24 * 3_600_000,
  backOff: { firstMs: 100, mostMs: 200 },
  lookMs: 10,
}

let hub: RunningHub
let pair: Pair
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let state: EdgeState
let agent: VerifyAgent
let externalIds = 300

beforeAll(async () => {
  hub = await startHub()
}, 60_000)
afterAll(() => hub?.remove())

beforeEach(async () => {
  pair = await Pair.of(hub, String(++externalIds))
  folder = await temporaryFolder()
  state = await EdgeState.open(folder.path)
})
afterEach(async () => {
  await agent?.stop()
  await state.stop()
  await pair.remove()
  await folder.remove()
})

const nowMs = Date.parse('2026-11-23T00:00:00.000Z')
let offsetMs = 0
let waitsFor: string | undefined
let refusals = 0
let faults: unknown[] = []

async function start(line: Partial<VerifyHub> = {}): Promise<void> {
  const asked: VerifyHub & Stoppable = {
    verify: (...args) => pair.line.verify(...args),
    lacking: (...args) => pair.line.lacking(...args),
    receiptKey: (...args) => pair.line.receiptKey(...args),
    stop: async () => undefined,
    ...line,
  }
  agent = new VerifyAgent({
    database: pair.database,
    externalId: pair.account.externalId,
    hub: asked,
    memory: await VerificationMemory.open(state.part<KeptVerification>('verification')),
    unacknowledged: async () => waitsFor,
    refusedIds: async () => [],
    sendAgain: (ids) => {
      waitsFor = 'sending'
      void pair.pushFromEdge([...ids]).then(() => {
        waitsFor = undefined
      })
    },
    onAccessRefused: () => refusals++,
    onFault: (error) => faults.push(error),
    log: createLog('edge', 'silent'),
    pace: PACE,
    now: () => new Date(nowMs + offsetMs),
    random: () => 0.5,
  })
}

beforeEach(() => {
  offsetMs = 0
  waitsFor = undefined
  refusals = 0
  faults = []
})

const ended = (finishedBefore?: string) =>
  until('a run has ended', async () => {
    const status = agent.status()
    return status.state === 'resting' && status.last?.finishedAt !== finishedBefore && status
  })

test('verifies by itself soon after the first start, and a week later, also after a restart', async () => {
  await pair.write([location(pair.account.externalId, 'a')])
  await start()
  expect(agent.status()).toMatchObject({ state: 'resting' })
  await until('there is a plan', async () => agent.status().nextRunAt === '2026-11-23T00:00:00.500Z')
  offsetMs = 600
  const first = await ended()
  expect(first).toMatchObject({ last: { outcome: 'agrees' }, receipt: { count: 1 } })
  expect(first.nextRunAt).toBe('2026-11-30T00:00:00.600Z')

  await agent.stop()
  await start()
  expect(agent.status()).toEqual(first)
  offsetMs = 7 * 24 * 3_600_000 + 700
  agent.retryNow()
  expect((await ended(first.last?.finishedAt)).receipt?.at).not.toBe(first.receipt?.at)
})

test('waits until all is acknowledged, and says what it waits for', async () => {
  waitsFor = 'The hub can not be reached.'
  await start()
  expect(await agent.request()).toMatchObject({ state: 'waiting' })
  await until('it says why', async () => agent.status().reason === 'The hub can not be reached.')
  waitsFor = undefined
  expect((await ended()).last?.outcome).toBe('agrees')
})

test('a run that was asked for is not forgotten over a restart', async () => {
  waitsFor = 'The hub can not be reached.'
  await start()
  await agent.request()
  await agent.stop()
  waitsFor = undefined
  await start()
  expect((await ended()).last?.outcome).toBe('agrees')
})

test('tries again where the hub is away, and tells whoever keeps the credentials of a refusal', async () => {
  let failures = 0
  await start({
    verify: (...args) => {
      if (++failures > 2) return pair.line.verify(...args)
      return Promise.reject(new HubUnavailable('Not now.', failures === 1 ? 'link' : 'access'))
    },
  })
  await agent.request()
  expect((await ended()).last?.outcome).toBe('agrees')
  expect(refusals).toBe(1)
})

test('tells of a fault of the edge itself, such as a full disk, and goes on', async () => {
  const full = new Error('IO error: No space left on device')
  let isFull = true
  const verify: VerifyHub['verify'] = (...args) => (isFull ? Promise.reject(full) : pair.line.verify(...args))
  await start({ verify })
  await agent.request()
  await until('it is told', async () => faults.length > 0)
  expect(faults[0]).toBe(full)
  isFull = false
  expect((await ended()).last?.outcome).toBe('agrees')
})

test('comes back in a day where the hub lacks something, and sends it again', async () => {
  await pair.write([location(pair.account.externalId, 'a')])
  await pair.write([location(pair.account.externalId, 'b')], { hub: false })
  await start()
  await agent.request()
  const first = await ended()
  expect(first.last).toMatchObject({ outcome: 'agrees', sentAgain: { count: 1 }, rounds: 2 })
})

test('trusts the key that it saw first, and another one only when it is told to', async () => {
  const other = {
    hubId: 'another',
    algorithm: 'Ed25519' as const,
    publicKey: Buffer.alloc(32, 1).toString('base64url'),
  }
  let isReplaced = true
  await start({ receiptKey: (...args) => (isReplaced ? Promise.resolve(other) : pair.line.receiptKey(...args)) })
  await agent.request()
  const first = await ended()
  expect(first).toMatchObject({ last: { outcome: 'unconfirmed', reason: expect.any(String) } })
  expect(first.receipt).toBeUndefined()
  expect(Date.parse(first.nextRunAt ?? '') - nowMs).toBe(PACE.soonerMs)

  isReplaced = false
  offsetMs = 1_000
  await agent.request()
  const second = await ended(first.last?.finishedAt)
  expect(second.last?.outcome).toBe('unconfirmed')
  offsetMs = 2_000
  await agent.request({ newKey: true })
  expect((await ended(second.last?.finishedAt)).last?.outcome).toBe('agrees')
})
