import type { AuditDatabase } from '../../../hub/audit/audit-database'
import { openAuditLog } from '../../../hub/audit/audit-log'
import type { AuditEntry } from '../../../schemas/generated/types'
import { type AuditOnStore, deed, startAudit } from './audit-on-store'

let audit: AuditOnStore
beforeEach(async () => {
  audit = await startAudit()
})
afterEach(() => audit.stop())

const whole = { breaks: [] }
const at = (place: AuditEntry['chain']) => [place?.number, place?.batch]

/** The real database, and what becomes of a batch on its way: `none` of it, `half` of it or `all` of it arrives, and no answer. */
function lossy(): AuditDatabase & { loses: 'none' | 'half' | 'all' | undefined; batches: number[] } {
  const database = {
    ...audit.database,
    loses: undefined as 'none' | 'half' | 'all' | undefined,
    batches: [] as number[],
    async write(entries: readonly AuditEntry[]) {
      database.batches.push(entries.length)
      const { loses } = database
      if (loses === undefined) return audit.database.write(entries)
      // As the shards of a database that loses its power: each has its own documents or has them not.
      const arriving = { none: [], half: entries.filter((_, index) => index % 2 === 1), all: entries }[loses]
      if (arriving.length > 0) await audit.database.write(arriving)
      throw new Error('the answer is lost')
    },
  }
  return database
}

describe('refuses', () => {
  test('to say that anything is written whose answer was lost; and goes on in a new chain that names the old one', async () => {
    for (const loses of ['none', 'half', 'all'] as const) {
      const database = lossy()
      const log = openAuditLog(database)
      await log.write(deed())
      const before = log.head()
      database.loses = loses
      const lost = await Promise.allSettled(Array.from({ length: 6 }, () => log.write(deed())))
      for (const one of lost) expect(one).toMatchObject({ reason: { code: 'DATABASE_UNAVAILABLE' } })
      database.loses = undefined
      expect(await log.write(deed())).toBe('written')
      const after = log.head()
      expect(after?.chain).not.toBe(before?.chain)
      const [start] = await audit.chain(after?.chain)
      expect(start).toMatchObject({ kind: 'chain', action: 'start', chain: { heads: [before] } })
      expect(await audit.verify({ here: after })).toMatchObject(whole)
      await log.stop()
    }
    expect(await audit.verify()).toMatchObject({ ...whole, chains: 6, sealed: 3 })
  })

  test('only those whose shard has failed; what the others have is kept, and the next chain says what there was', async () => {
    let isFailing = false
    const log = openAuditLog({
      ...audit.database,
      async write(entries) {
        if (!isFailing) return audit.database.write(entries)
        const arriving = entries.filter((_, index) => index % 2 === 1)
        await audit.database.write(arriving)
        return entries.map((_, index) => (index % 2 === 1 ? 'written' : 'unknown'))
      },
    })
    await log.write(deed())
    isFailing = true
    const outcomes = await Promise.allSettled(Array.from({ length: 4 }, () => log.write(deed())))
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected', 'fulfilled'])
    const there = log.head()
    expect(there).toMatchObject({ number: 6, missing: [3, 5] })
    isFailing = false
    await log.write(deed())
    expect(await audit.verify()).toMatchObject(whole)
    const kept = (await audit.chain(there?.chain)).find(({ chain }) => chain?.number === 4)
    await audit.tamper.remove(kept?._id ?? '')
    expect((await audit.verify()).breaks).toMatchObject([{ kind: 'missing' }])
    await log.stop()
  })

  test('what the database refuses', async () => {
    const log = audit.open()
    const closed = 'function () { throw { forbidden: "closed" } }'
    await audit.couch.put({ _id: '_design/closed', validate_doc_update: closed } as { _id: string })
    await expect(log.write(deed())).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
    const design = await audit.couch.get('_design/closed')
    if (design) await audit.couch.put({ _id: design._id, _rev: design._rev } as { _id: string })
    expect(await log.write(deed())).toBe('written')
    expect(await audit.verify()).toMatchObject({ ...whole, entries: 2 })
  })

  test('more than may wait', async () => {
    // Of a database that hangs; what waits is all memory.
    const log = openAuditLog({ ...audit.database, write: () => new Promise(() => undefined) })
    const refused: unknown[] = []
    for (let index = 0; index < 6_000; index++) log.write(deed()).catch((error: unknown) => refused.push(error))
    await new Promise((resume) => setImmediate(resume))
    expect(refused.length).toBeGreaterThan(0)
    expect(refused[0]).toMatchObject({ code: 'OVERLOADED' })
    expect(refused.length).toBe(1_000)
  })

  test('anything after the seal', async () => {
    const log = audit.open()
    await log.write(deed())
    await log.stop()
    await expect(log.write(deed())).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
    expect(await audit.verify()).toMatchObject({ ...whole, sealed: 1, entries: 3 })
  })
})

describe('an id that is there', () => {
  test('counts once, at all gateways together; the chains stay whole', async () => {
    const gateways = [audit.open(), audit.open(), audit.open()]
    const outcomes = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        gateways[index % 3]?.write(deed({ _id: `node-101:nonce-${index % 10}`, reason: `from ${index}` })),
      ),
    )
    expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(10)
    for (const gateway of gateways) await gateway.stop()
    const report = await audit.verify()
    expect(report).toMatchObject({ ...whole, chains: 3, sealed: 3 })
  })

  test('leaves its number void in the middle of a batch, and the next entry says so at once', async () => {
    const [one, other] = [audit.open(), audit.open()]
    await one.write(deed({ _id: 'node-101:taken' }))
    const outcomes = await Promise.all(
      ['a', 'taken', 'b'].map((nonce) => other.write(deed({ _id: `node-101:${nonce}` }))),
    )
    expect(outcomes).toEqual(['written', 'exists', 'written'])
    await other.stop()
    const chain = (await audit.chain()).filter(({ chain: place }) => place?.id === other.head()?.chain)
    expect(chain.map(({ chain: place }) => at(place))).toEqual([
      [1, 1],
      [2, 1],
      [4, 1],
      [5, 5],
      ...(chain.length > 5 ? [[6, 6]] : []),
      [chain.length + 1, chain.length + 1],
    ])
    expect(chain.find(({ action }) => action === 'void')).toMatchObject({
      chain: { voided: [{ chain: other.head()?.chain, number: 3 }] },
    })
    expect(await audit.verify()).toMatchObject(whole)
    await audit.tamper.remove(chain.find(({ action }) => action === 'void')?._id ?? '')
    expect((await audit.verify()).breaks).toMatchObject([{ kind: 'missing' }])
  })
})

test('what is void is not said again and again to a database that is away, and not forgotten', async () => {
  const database = lossy()
  const log = openAuditLog(database)
  await audit.open().write(deed({ _id: 'node-101:taken' }))
  await log.write(deed())
  const write = database.write
  database.write = async (entries) => {
    const outcomes = await write(entries)
    database.loses = 'none'
    return outcomes
  }
  expect(await log.write(deed({ _id: 'node-101:taken' }))).toBe('exists')
  await new Promise((resume) => setTimeout(resume, 200))
  expect(database.batches).toEqual([2, 1, 1])
  database.write = write
  database.loses = undefined
  await log.write(deed())
  const chain = await audit.chain(log.head()?.chain)
  expect(chain.map(({ action }) => action)).toEqual(['start', 'void', 'resume'])
  await log.stop()
  expect(await audit.verify()).toMatchObject(whole)
})

test('entries that come while others are written wait for these, and then go together', async () => {
  const database = lossy()
  const log = openAuditLog(database)
  await Promise.all(Array.from({ length: 500 }, () => log.write(deed())))
  expect(database.batches).toEqual([201, 200, 100])
  await log.stop()
  expect(await audit.verify()).toMatchObject({ ...whole, entries: 502 })
})

test('what waits when the gateway stops is written before the seal', async () => {
  const log = audit.open()
  const waiting = Array.from({ length: 300 }, () => log.write(deed()))
  await log.stop()
  expect(new Set(await Promise.all(waiting))).toEqual(new Set(['written']))
  expect((await audit.chain()).at(-1)).toMatchObject({ action: 'seal' })
})

test('gateways with nothing to do but witness do not name each other for ever', async () => {
  const gateways = [audit.open({ witnessMs: 20 }), audit.open({ witnessMs: 20 })]
  for (const gateway of gateways) await gateway.write(deed())
  const ends = async () => JSON.stringify([...(await audit.database.chains())])
  let [before, same] = [await ends(), 0]
  const until = performance.now() + 20_000
  // Looked at forty times and more, it stays as it is.
  while (same < 20 && performance.now() < until) {
    await new Promise((resume) => setTimeout(resume, 50))
    const now = await ends()
    same = now === before ? same + 1 : 0
    before = now
  }
  expect(same).toBe(20)
  const named = await audit.database.named()
  expect(gateways.some(({ head }) => named.has(head()?.chain ?? ''))).toBe(true)
  expect(await audit.verify()).toMatchObject(whole)
})

test('its end goes to the log, which is kept elsewhere', async () => {
  const info = jest.fn()
  const log = audit.open({ log: { info, warn: jest.fn(), error: jest.fn() } })
  await log.write(deed())
  expect(info.mock.calls).toEqual([[log.head(), 'the end of the audit chain']])
})
