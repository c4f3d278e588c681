import fc from 'fast-check'
import type { VerifyHub } from '../../../edge/verify/ask-hub'
import { compare } from '../../../edge/verify/compare'
import { OnlyAtHub } from '../../../edge/verify/only-at-hub'
import type { Snapshot } from '../../../edge/verify/snapshot'
import { answerVerify } from '../../../hub/verify/answer-verify'
import { keyPairOf } from '../../../protocol/receipt-key'
import { byId, type Entry, itemOf } from '../../../protocol/verify-digest'
import '../../support/arbitraries'

interface Held extends Entry {
  deleted?: boolean
}

const NODE = { nodeName: 'node-101', externalId: '101' }
const { privateKey, publicKey } = keyPairOf(Buffer.alloc(32, 3))
const keys = async () => ({ receipt: privateKey, publicKey, earlier: [], pass: [Buffer.alloc(32, 4)] as const })

/** The hub's own code, on a list in place of a database. */
function hubWith(held: readonly Held[]): { hub: VerifyHub; asked: () => number } {
  const living = held.filter(({ deleted }) => !deleted).sort(byId)
  const gone = new Map(held.filter(({ deleted }) => deleted).map((one) => [one.id, one]))
  let asked = 0
  const hub: VerifyHub = {
    verify: (request) => {
      asked += request.ranges.length
      return answerVerify(NODE, request, {
        hubId: 'hub',
        keys,
        revisions: {
          living: async (from, to, limit) => living.filter(({ id }) => from <= id && id <= to).slice(0, limit),
          deleted: async (ids) => ids.flatMap((id) => gone.get(id) ?? []),
        },
        keepReceipt: async () => undefined,
        now: () => new Date(),
      })
    },
    lacking: () => Promise.reject(new Error('nobody asks')),
    receiptKey: () => Promise.reject(new Error('nobody asks')),
  }
  return { hub, asked: () => asked }
}

function snapshotOf(entries: readonly Held[], areCovered: boolean): Snapshot {
  const sorted = [...entries].sort(byId)
  const deleted = new Set(sorted.flatMap(({ id, deleted }) => (deleted ? [id] : [])))
  return {
    upTo: entries.length,
    ids: sorted.map(({ id }) => id),
    revs: sorted.map(({ rev }) => rev),
    items: BigUint64Array.from(sorted, itemOf),
    deleted,
    covered: areCovered ? deleted : new Set(),
  }
}

async function compared(
  edge: readonly Held[],
  hub: VerifyHub,
  onlyAtHub = new OnlyAtHub(),
  { unsettled = [], areCovered = false }: { unsettled?: string[]; areCovered?: boolean } = {},
) {
  const snapshot = snapshotOf(edge, areCovered)
  const comparison = await compare({
    snapshot,
    onlyAtHub,
    unsettled: async () => unsettled,
    hub,
    nonce: 'A'.repeat(22),
    signal: AbortSignal.timeout(60_000),
    compared: () => undefined,
  })
  return { ...comparison, missingIds: comparison.missing.map((place) => snapshot.ids[place]) }
}

/** Where a document is, and whether it is deleted there. */
type Fate = 'both' | 'edge' | 'hub' | 'other-revision' | 'deleted' | 'deleted-at-edge' | 'deleted-at-hub' | 'unsettled'
const FATES: Fate[] = ['edge', 'hub', 'other-revision', 'deleted', 'deleted-at-edge', 'deleted-at-hub', 'unsettled']

const idAt = (number: number) => `101${String(10_000_000 + number * 7)}:Observation:${String(number % 13)}`

function endsOf(fates: ReadonlyMap<number, Fate>, count: number) {
  const edge: Held[] = []
  const hub: Held[] = []
  const lost: string[] = []
  const unsettled: string[] = []
  for (let number = 0; number < count; number++) {
    const id = idAt(number)
    const fate = fates.get(number) ?? 'both'
    const one = { id, rev: '1-a' }
    const gone = { id, rev: '2-b', deleted: true }
    if (fate !== 'hub') edge.push(fate.startsWith('deleted') && fate !== 'deleted-at-hub' ? gone : one)
    if (fate === 'other-revision' || fate === 'unsettled') hub.push({ id, rev: '2-c' })
    else if (fate === 'deleted' || fate === 'deleted-at-hub') hub.push(gone)
    else if (fate !== 'edge') hub.push(one)
    if (['edge', 'other-revision', 'deleted-at-edge', 'deleted-at-hub'].includes(fate)) lost.push(id)
    if (fate === 'unsettled') unsettled.push(id)
  }
  return { edge, hub, lost: lost.sort(), unsettled }
}

const worlds = fc
  .tuple(
    fc.integer({ min: 0, max: 9_000 }),
    fc.array(fc.tuple(fc.nat(9_000), fc.constantFrom(...FATES)), { maxLength: 40 }),
    // Whether an earlier receipt covers what is deleted at the edge.
    fc.boolean(),
  )
  .map(([count, fates, areCovered]) => ({ count, areCovered, ...endsOf(new Map(fates), count) }))

test('finds exactly what the hub does not show, wherever it is', async () => {
  await fc.assert(
    fc.asyncProperty(worlds, async ({ edge, hub, lost, ...settled }) => {
      const { missingIds, receipt } = await compared(edge, hubWith(hub).hub, new OnlyAtHub(), settled)
      expect(missingIds).toEqual(lost)
      if (lost.length > 0) expect(receipt).toBeUndefined()
    }),
    { numRuns: 30 },
  )
})

test('agrees at the second time at the latest where nothing is missing, and there is a receipt', async () => {
  await fc.assert(
    fc.asyncProperty(worlds, async ({ edge, hub, lost, ...settled }) => {
      const settledEdge = edge.filter(({ id }) => !lost.includes(id))
      const onlyAtHub = new OnlyAtHub()
      const server = hubWith(hub)
      const first = await compared(settledEdge, server.hub, onlyAtHub, settled)
      expect(first.missingIds).toEqual([])
      const kept = new OnlyAtHub(JSON.parse(JSON.stringify(onlyAtHub)) as Record<string, string>)
      const second = await compared(settledEdge, server.hub, kept, settled)
      expect(second.receipt).toMatchObject({ nonce: 'A'.repeat(22), ...second.expected })
    }),
    { numRuns: 30 },
  )
})

test('asks for few ranges: 25 for 100,000 documents, and three levels for one that differs', async () => {
  const all = Array.from({ length: 100_000 }, (_, number) => ({ id: idAt(number), rev: '1-a' }))
  const whole = hubWith(all)
  expect(await compared(all, whole.hub)).toMatchObject({ missing: [], receipt: { count: 100_000 } })
  expect(whole.asked()).toBe(25)
  const lacking = hubWith(all.filter((_, number) => number !== 77_777))
  expect((await compared(all, lacking.hub)).missingIds).toEqual([idAt(77_777)])
  expect(lacking.asked()).toBeLessThan(25 + 6 + 16 + 1 + 1)
})
