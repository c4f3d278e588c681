import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DisclosureWatch } from '../../../edge/disclosures/disclosure-watch'
import { KeptDisclosures } from '../../../edge/disclosures/kept-disclosures'
import { disclosuresText } from '../../../edge/disclosures/show-disclosures'
import { EdgeState } from '../../../edge/store/state'
import { createLog } from '../../../runtime/log'
import type { Disclosure, DisclosureList } from '../../../schemas/generated/types'
import { until } from '../../support/processes'

const HOUR_MS = 3_600_000
const disclosure = (n: number, change: Partial<Disclosure> = {}): Disclosure => ({
  id: `node-102:${String(n).padStart(22, '0')}`,
  at: new Date(Date.UTC(2026, 10, 1) + n * HOUR_MS).toISOString(),
  mrn: '10100000042',
  facility: { externalId: '102', name: 'RSUD Ende' },
  purpose: 'TREAT',
  breaksGlass: false,
  ...change,
})

let folder: string
let state: EdgeState
let kept: KeptDisclosures
let atHub: Disclosure[]
let asked: URLSearchParams[]
let failures: number
let askedAt: string | undefined
let now: Date
let watch: DisclosureWatch | undefined

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lontar-disclosures-'))
  state = await EdgeState.open(folder)
  kept = await KeptDisclosures.open(state.part<Disclosure>('disclosures'))
  atHub = []
  asked = []
  failures = 0
  askedAt = undefined
  now = new Date('2026-11-22T07:00:00.000Z')
})

afterEach(async () => {
  await watch?.stop()
  await state.stop()
  await rm(folder, { recursive: true, force: true })
})

/** A hub's answer, in pages of two. */
async function ask(query: URLSearchParams): Promise<DisclosureList> {
  asked.push(query)
  if (failures-- > 0) throw new Error('The hub can not be reached now.')
  const from = query.get('from') ?? ''
  const meant = atHub.filter(({ at }) => at >= from)
  const start = Number(query.get('cursor') ?? 0)
  const next = start + 2 < meant.length ? { next: String(start + 2) } : {}
  return { disclosures: meant.slice(start, start + 2), ...next }
}

function start(): DisclosureWatch {
  watch = new DisclosureWatch({
    kept,
    ask,
    askedAt: {
      read: async () => askedAt,
      keep: async (at) => {
        askedAt = at
      },
    },
    log: createLog('edge', 'silent'),
    now: () => now,
    random: () => 0.5,
  })
  return watch
}

const ids = async () => (await kept.page(100)).disclosures.map(({ id }) => id)
const isAsked = () => until('the hub has answered everything', async () => askedAt === now.toISOString())

test('asks for everything at first, page by page, and keeps it newest first', async () => {
  atHub = [0, 1, 2, 3, 4].map((n) => disclosure(n))
  start()
  await isAsked()
  expect(asked.map((query) => query.get('from'))).toEqual([null, null, null])
  expect(await ids()).toEqual(atHub.map(({ id }) => id).toReversed())
})

test('asks again with an overlap: what came late is found, and nothing is there twice', async () => {
  atHub = [0, 20, 40].map((n) => disclosure(n))
  await start().refresh()
  const late = disclosure(39)
  atHub = [disclosure(0), disclosure(20), late, disclosure(40), disclosure(41)]
  expect(await watch?.refresh()).toBe(2)
  expect(asked.at(-1)?.get('from')).toBe(disclosure(40 - 24).at)
  expect(await ids()).toEqual([41, 40, 39, 20, 0].map((n) => disclosure(n).id))
})

test('asks once a day, and not sooner after a restart', async () => {
  askedAt = new Date(now.getTime() - 23 * HOUR_MS).toISOString()
  await start().stop()
  expect(asked).toHaveLength(0)
  askedAt = new Date(now.getTime() - 25 * HOUR_MS).toISOString()
  start()
  await isAsked()
  expect(asked).toHaveLength(1)
})

test('asks at once where the clock was set back', async () => {
  askedAt = new Date(now.getTime() + 24 * HOUR_MS).toISOString()
  start()
  await isAsked()
})

test('a failure is told to whoever asks, and what was there stays', async () => {
  await kept.keep([disclosure(1)])
  askedAt = now.toISOString()
  failures = 1
  await expect(start().refresh()).rejects.toMatchObject({ code: 'HUB_UNREACHABLE' })
  expect(await ids()).toEqual([disclosure(1).id])
  expect(askedAt).toBe(now.toISOString())
})

test('goes on by itself when the link is back', async () => {
  failures = 1
  atHub = [disclosure(1)]
  start()
  await until('it has failed', async () => asked.length === 1)
  await until('it is asked again', async () => {
    watch?.retryNow()
    return askedAt === now.toISOString()
  })
  expect(await ids()).toEqual([disclosure(1).id])
})

test('a page that names itself as the next ends the asking', async () => {
  const same = { disclosures: [disclosure(1)], next: 'x' }
  let times = 0
  watch = new DisclosureWatch({
    kept,
    ask: async () => {
      times += 1
      return same
    },
    askedAt: { read: async () => now.toISOString(), keep: async () => undefined },
    log: createLog('edge', 'silent'),
    now: () => now,
  })
  await watch.refresh()
  expect(times).toBe(2)
})

describe('what is kept', () => {
  test('is found by patient, and page by page', async () => {
    await kept.keep([disclosure(1), disclosure(2, { mrn: '10100000059' }), disclosure(3)])
    const { disclosures, next } = await kept.page(1, { mrn: '10100000042' })
    expect([disclosures[0]?.id, (await kept.page(1, { cursor: next })).disclosures[0]?.id]).toEqual([
      disclosure(3).id,
      disclosure(1).id,
    ])
  })

  test('is bounded: the oldest are forgotten', async () => {
    const few = await KeptDisclosures.open(state.part<Disclosure>('few'), 10)
    for (let n = 0; n < 30; n++) await few.keep([disclosure(n)])
    const { disclosures } = await few.page(100)
    expect(disclosures.length).toBeLessThanOrEqual(10)
    expect(disclosures[0]?.id).toBe(disclosure(29).id)
    const again = await KeptDisclosures.open(state.part<Disclosure>('few'), 10)
    await again.keep([disclosure(30)])
    expect((await again.page(100)).disclosures[0]?.id).toBe(disclosure(30).id)
  })
})

test('is shown to people with who, why and what was said', () => {
  const broken = disclosure(1, { purpose: 'BTG', reason: 'unconscious', breaksGlass: true })
  const text = disclosuresText({ disclosures: [broken], askedAt: '2026-11-22T07:00:00.000Z' })
  expect(text).toContain('10100000042  RSUD Ende (102): BTG, broke the glass\n  “unconscious”')
  expect(disclosuresText({ disclosures: [] })).toContain('The hub has not been asked yet.')
})
