import { objectionTo } from '../../../edge/verify/check-receipt'
import { IN_TURN } from '../../../edge/verify/covered-deletions'
import { isSigned } from '../../../protocol/receipt'
import type { Receipt } from '../../../schemas/generated/types'
import { type RunningHub, startHub } from '../../support/hub'
import { location } from '../../support/records'
import { outcomeOf, Pair } from './pair'

let hub: RunningHub
let pair: Pair
let externalIds = 200

beforeAll(async () => {
  hub = await startHub()
}, 60_000)
afterAll(() => hub?.remove())
beforeEach(async () => {
  pair = await Pair.of(hub, String(++externalIds))
})
afterEach(() => pair?.remove())

const rooms = (count: number, from = 0) =>
  Array.from({ length: count }, (_, at) => location(pair.account.externalId, `r${String(from + at).padStart(6, '0')}`))
const idOf = (number: number) => `${pair.account.externalId}:Location:r${String(number).padStart(6, '0')}`
const AGREES = { outcome: 'agrees', missing: [], changed: [], sentAgain: [], onlyAtHub: 0 }

describe('a receipt', () => {
  test('is given where all agree, and kept at the hub', async () => {
    await pair.write(rooms(10))
    const { result, receipt } = await pair.verify()
    expect(result).toMatchObject({ outcome: 'agrees', documents: 10, rounds: 1 })
    expect(receipt).toMatchObject({ externalId: pair.account.externalId, count: 10, upTo: 10 })
    expect((await pair.receiptAtHub()).body).toEqual(receipt)
    const { nodes } = (await hub.operator('/operator/nodes')).body as { nodes: { nodeName: string }[] }
    expect(nodes.find(({ nodeName }) => nodeName === pair.account.nodeName)).toMatchObject({
      lastReceipt: { count: 10, at: receipt?.at },
    })
  })

  test('of a facility without a document is one over nothing', async () => {
    expect((await pair.verify()).receipt).toMatchObject({ count: 0 })
  })

  test('is not given where one document is missing', async () => {
    await pair.write(rooms(10))
    await pair.write(rooms(1, 10), { hub: false })
    pair.delivers = false
    expect((await pair.verify()).receipt).toBeUndefined()
    expect((await pair.receiptAtHub()).status).toBe(404)
  })

  test('is not taken where it was forged, replayed, or signed by another', async () => {
    await pair.write(rooms(3))
    const older = (await pair.verify()).receipt as Receipt
    const forged = await pair.verify({
      hub: withReceipt((receipt) => ({ ...receipt, at: '2020-01-01T00:00:00.000Z' })),
    })
    expect(forged).toMatchObject({ result: { outcome: 'unconfirmed', reason: expect.stringContaining('not signed') } })
    const replayed = await pair.verify({ hub: withReceipt(() => older) })
    expect(replayed).toMatchObject({ result: { outcome: 'unconfirmed', reason: 'The receipt is an older one.' } })
    expect(replayed.receipt).toBeUndefined()
    const key = { hubId: older.hubId, publicKey: Buffer.alloc(32, 9).toString('base64url') }
    expect((await pair.verify({ keyOf: async () => key })).result.outcome).toBe('unconfirmed')
  })

  test('is the same hub’s whoever it is given to', async () => {
    const { receipt } = await pair.verify()
    const { publicKey, hubId } = await pair.line.receiptKey(AbortSignal.timeout(5_000))
    if (!receipt) throw new Error('there is no receipt')
    expect(isSigned(receipt, publicKey)).toBe(true)
    const expected = { ...receipt, externalId: '999' }
    expect(objectionTo(receipt, expected, { hubId, publicKey })).toMatch(/something else/)
    expect(objectionTo(receipt, receipt, { hubId: 'another', publicKey })).toMatch(/another hub/)
  })

  function withReceipt(change: (receipt: Receipt) => Receipt) {
    return {
      verify: async (...asked: Parameters<Pair['line']['verify']>) => {
        const answer = await pair.line.verify(...asked)
        return { ...answer, ...(answer.receipt && { receipt: change(answer.receipt) }) }
      },
      lacking: pair.line.lacking.bind(pair.line),
      receiptKey: pair.line.receiptKey.bind(pair.line),
    }
  }
})

describe('what the hub has lost', () => {
  test('documents that were deleted past the gate are changed at the hub, and said so', async () => {
    await pair.write(rooms(600))
    await pair.removeAtHub(idOf(17), 'delete')
    expect(outcomeOf(await pair.verify())).toEqual({
      ...AGREES,
      outcome: 'differs',
      documents: 600,
      changed: [idOf(17)],
    })
  })

  test('documents that it never had, or has no more, are found, sent again and then agree', async () => {
    await pair.write(rooms(5_000))
    const lost = [rooms(1, 20_000), rooms(1, 20_002), rooms(1, 70_000)].flat()
    await pair.write(lost, { hub: false })
    const ids = lost.map(({ _id }) => _id)
    const { result, receipt } = await pair.verify()
    expect(outcomeOf({ result })).toEqual({ ...AGREES, documents: 5_003, sentAgain: ids })
    expect(result.rounds).toBe(2)
    expect(receipt?.count).toBe(5_003)
  })

  // The embedded store does not purge.
  const onCouchDb = process.env['COUCHDB_URL'] ? test : test.skip
  onCouchDb('purged documents are sent again', async () => {
    await pair.write(rooms(20))
    await pair.removeAtHub(idOf(3), 'purge')
    expect(outcomeOf(await pair.verify())).toEqual({ ...AGREES, documents: 20, sentAgain: [idOf(3)] })
  })

  test('what does not arrive is missing still, after a bound', async () => {
    await pair.write(rooms(10))
    await pair.write(rooms(1, 50), { hub: false })
    pair.delivers = false
    const { result } = await pair.verify()
    expect(result).toMatchObject({ outcome: 'differs', missing: { count: 1, ids: [idOf(50)] }, rounds: 3 })
  })

  test('a whole facility is found without a list of it', async () => {
    await pair.write(rooms(3_000), { hub: false })
    pair.delivers = false
    const { result } = await pair.verify()
    expect(result.missing.count).toBe(3_000)
    expect(result.missing.ids).toHaveLength(100)
  })
})

test('a document that was changed past the gate is named, and there is no receipt', async () => {
  await pair.write(rooms(300))
  const path = `/ehr/${encodeURIComponent(idOf(7))}`
  const before = (await hub.couch(path)).body as object
  const changed = { ...before, recordedAt: '2026-02-02T00:00:00.000Z' }
  expect((await hub.couch(path, { method: 'PUT', body: changed })).status).toBe(201)
  const { result, receipt } = await pair.verify()
  expect(outcomeOf({ result })).toMatchObject({ outcome: 'differs', changed: [idOf(7)], missing: [] })
  expect(receipt).toBeUndefined()
})

describe('deleted documents', () => {
  const remove = async (number: number) => {
    await pair.database.remove(await pair.database.get(idOf(number)))
  }

  test('count, and the hub’s tombstones with them', async () => {
    await pair.write(rooms(10))
    await remove(4)
    await pair.pushFromEdge([idOf(4)])
    const { result, receipt } = await pair.verify()
    expect(result).toMatchObject({ outcome: 'agrees', documents: 10 })
    expect(receipt?.count).toBe(10)
  })

  test('that live on at the hub are sent again', async () => {
    await pair.write(rooms(10))
    await remove(4)
    expect(outcomeOf(await pair.verify())).toMatchObject({ ...AGREES, sentAgain: [idOf(4)] })
    expect((await hub.couch(`/ehr/${encodeURIComponent(idOf(4))}`)).status).toBe(404)
  })

  test('of which the hub knows nothing are sent again', async () => {
    await pair.write(rooms(10))
    await pair.write(rooms(1, 20), { hub: false })
    await remove(20)
    expect(outcomeOf(await pair.verify())).toMatchObject({ ...AGREES, documents: 11, sentAgain: [idOf(20)] })
  })
})

describe('deletions that a receipt covers', () => {
  const REMOVED = IN_TURN + 100
  beforeEach(async () => {
    await pair.write(rooms(REMOVED + 10))
    const { rows } = await pair.database.allDocs({ limit: REMOVED })
    await pair.database.bulkDocs(rows.map(({ id, value }) => ({ _id: id, _rev: value.rev, _deleted: true })) as never[])
    await pair.pushFromEdge(rows.map(({ id }) => id))
    expect((await pair.verify()).receipt?.count).toBe(REMOVED + 10)
  }, 60_000)

  test('are not named again, but for some in turn, and new ones are', async () => {
    await pair.database.remove(await pair.database.get(idOf(REMOVED)))
    await pair.pushFromEdge([idOf(REMOVED)])
    const { result, receipt } = await pair.verify()
    expect(result).toMatchObject({ outcome: 'agrees', documents: 10 + IN_TURN, excluded: 0, rounds: 1 })
    expect(receipt?.count).toBe(10 + IN_TURN)
  })

  test('are found where the hub has lost one, and the document lives there again', async () => {
    // Neither of them is in its turn.
    pair.deletions = { upTo: REMOVED * 3, without: [], lookedAt: idOf(REMOVED) }
    const id = idOf(IN_TURN + 50)
    const path = `/ehr/${encodeURIComponent(id)}`
    const again = {
      ...location(pair.account.externalId, id.split(':')[2] ?? ''),
      recordedAt: '2026-03-03T00:00:00.000Z',
    }
    expect((await hub.couch(path, { method: 'PUT', body: again })).status).toBe(201)
    expect((await pair.verify()).result).toMatchObject({ outcome: 'differs', changed: { ids: [id] } })
  })

  test('that the hub refused are named still', async () => {
    await pair.database.remove(await pair.database.get(idOf(REMOVED + 1)))
    pair.refused = [idOf(REMOVED + 1)]
    await pair.verify()
    pair.refused = []
    expect(outcomeOf(await pair.verify()).sentAgain).toEqual([idOf(REMOVED + 1)])
  })
})

describe('what is not compared', () => {
  test('refused documents, even where the hub has an older revision of them', async () => {
    await pair.write(rooms(10))
    await pair.database.put({ ...(await pair.database.get(idOf(2))), recordedAt: '2026-02-02T00:00:00.000Z' })
    pair.refused = [idOf(2)]
    const { result } = await pair.verify()
    expect(result).toMatchObject({ outcome: 'agrees', documents: 9, excluded: 1 })
  })

  test('documents that are written while it compares', async () => {
    await pair.write(rooms(300))
    let written = 0
    pair.beforeAsked = async () => {
      if (++written > 1) return
      await pair.write(rooms(1, 100_000))
      const document = await pair.database.get(idOf(5))
      await pair.database.put({ ...document, recordedAt: '2026-02-02T00:00:00.000Z' })
      await pair.pushFromEdge([idOf(5)])
    }
    expect(outcomeOf(await pair.verify())).toMatchObject({ outcome: 'agrees', missing: [], sentAgain: [] })
  })

  test('what stays at the facility, and copies of others', async () => {
    await pair.write(rooms(3))
    await pair.database.bulkDocs([
      { ...location(pair.account.externalId, 'kept-back'), localOnly: true },
      location('999', 'copy'),
    ])
    expect((await pair.verify()).result).toMatchObject({ outcome: 'agrees', documents: 3 })
  })
})

describe('what only the hub has', () => {
  test('between the edge’s own documents is learnt once, and is in no way of a receipt', async () => {
    await pair.write(rooms(700))
    await pair.write([location(pair.account.externalId, 'r000300x'), location(pair.account.externalId, 'r000301x')], {
      edge: false,
    })
    const first = await pair.verify()
    expect(outcomeOf(first)).toEqual({ ...AGREES, documents: 700, onlyAtHub: 2 })
    expect(first.receipt?.count).toBe(702)
    expect(first.result.rounds).toBe(2)
    expect((await pair.verify()).result.rounds).toBe(1)
  })

  test('in such numbers that they are no part of it', async () => {
    await pair.write([...rooms(5), ...rooms(5, 200_000)])
    await pair.write(rooms(9_000, 1_000), { edge: false })
    const { result, receipt } = await pair.verify()
    expect(outcomeOf({ result })).toMatchObject({ outcome: 'agrees', documents: 10, missing: [] })
    expect(receipt?.count).toBe(10)
  })
})
