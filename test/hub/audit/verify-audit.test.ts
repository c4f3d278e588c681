import { createHash } from 'node:crypto'
import { placed } from '../../../hub/audit/chain-place'
import type { AuditEntry } from '../../../schemas/generated/types'
import { type AuditOnStore, deed, startAudit } from './audit-on-store'

let audit: AuditOnStore
beforeEach(async () => {
  audit = await startAudit()
})
afterEach(() => audit.stop())

/** So many deeds one after the other, each in a batch of its own: the chain has a start before them. */
async function written(count: number): Promise<AuditEntry[]> {
  const log = audit.open()
  for (let index = 0; index < count; index++) await log.write(deed({ reason: `deed ${index}` }))
  return audit.chain()
}

/** As an administrator would who knows how hashes are made. */
function linkedAnew(entries: readonly AuditEntry[]): AuditEntry[] {
  let end: { id: string; number: number; hash?: string } = { id: entries[0]?.chain?.id ?? '', number: 0 }
  return entries.map(({ chain, ...entry }) => {
    const { gateway, heads, voided } = chain ?? {}
    const word = { ...(gateway && { gateway }), ...(heads && { heads }), ...(voided && { voided }) }
    const [anew] = placed(end, [{ entry, word }])
    if (!anew) throw new Error('nothing was placed')
    end = { id: anew.chain.id, number: anew.chain.number, hash: anew.chain.hash }
    return anew
  })
}

describe('finds', () => {
  test('an entry that was altered, with its id and time', async () => {
    const entries = await written(5)
    const victim = entries[3] as AuditEntry
    await audit.tamper.change(victim._id, (entry) => ({ ...entry, node: 'node-999' }))
    const { breaks } = await audit.verify()
    expect(breaks).toMatchObject([{ kind: 'altered', id: victim._id, at: victim.at, number: 4 }])
    expect(breaks[0]?.reason).toContain(`${victim._id} of ${victim.at}`)
  })

  test.each(['_id', 'at', 'outcome', 'reason', 'action', 'operator', 'code', 'mrn'] as const)(
    'a change of %s alone',
    async (field) => {
      const [, victim] = await written(2)
      const other = { _id: 'node:other', at: '2020-01-01T00:00:00.000Z', outcome: 'refused', code: 'FORBIDDEN' }
      const change = { reason: 'another', action: 'suspend', operator: 'somebody', mrn: '10100000018', ...other }[field]
      if (field === '_id') {
        const { _rev, ...entry } = { _rev: '', ...(victim as AuditEntry) }
        await audit.tamper.remove(entry._id)
        await audit.tamper.insert({ ...entry, _id: change })
      } else await audit.tamper.change(victim?._id ?? '', (entry) => ({ ...entry, [field]: change }))
      expect((await audit.verify()).breaks).toMatchObject([{ kind: 'altered', number: 2 }])
    },
  )

  test('an entry that was altered so that it is none any more', async () => {
    const [, victim] = await written(3)
    await audit.tamper.change(victim?._id ?? '', ({ outcome: _outcome, ...entry }) => entry)
    const { breaks } = await audit.verify()
    expect(breaks).toEqual(
      expect.arrayContaining([expect.objectContaining({ kind: 'altered', id: victim?._id, at: victim?.at })]),
    )
  })

  test('an entry that was altered and given its new hash: the next one was linked to another', async () => {
    const entries = await written(4)
    const victim = entries[2] as AuditEntry
    const { chain, ...rest } = victim
    const [forged] = placed({ id: chain?.id ?? '', number: 2, hash: chain?.previous ?? '' }, [
      { entry: { ...rest, node: 'node-999' } },
    ])
    await audit.tamper.change(victim._id, ({ _rev }) => ({ ...forged, _rev }))
    expect((await audit.verify()).breaks).toMatchObject([{ kind: 'replaced', id: entries[3]?._id }])
  })

  test.each([1, 2, 3])('entry number %s missing', async (number) => {
    const entries = await written(4)
    await audit.tamper.remove(entries[number - 1]?._id ?? '')
    const next = entries[number] as AuditEntry
    const { breaks } = await audit.verify()
    expect(breaks).toMatchObject([{ kind: 'missing', id: next._id, at: next.at }])
    expect(breaks[0]?.reason).toContain(`Number ${number} is missing`)
  })

  test('one of many that were written at once, missing', async () => {
    const log = audit.open()
    await Promise.all(Array.from({ length: 20 }, () => log.write(deed())))
    await log.write(deed())
    const entries = await audit.chain()
    await audit.tamper.remove(entries[10]?._id ?? '')
    expect((await audit.verify()).breaks).toMatchObject([{ kind: 'missing', id: entries[11]?._id }])
  })

  test('two entries in each other’s place', async () => {
    const [, one, two] = await written(3)
    const { chain: first, ...oneRest } = one as AuditEntry
    const { chain: second, ...twoRest } = two as AuditEntry
    await audit.tamper.change(oneRest._id, ({ _rev }) => ({ ...oneRest, chain: second, _rev }))
    await audit.tamper.change(twoRest._id, ({ _rev }) => ({ ...twoRest, chain: first, _rev }))
    expect((await audit.verify()).breaks).toMatchObject([{ kind: 'altered', number: 2, id: twoRest._id }])
  })

  test('an entry put in under a number that is taken', async () => {
    const entries = await written(3)
    const { chain, ...rest } = entries[2] as AuditEntry
    const [forged] = placed({ id: chain?.id ?? '', number: 2, hash: chain?.previous ?? '' }, [
      { entry: { ...rest, _id: 'node:zzz' } },
    ])
    await audit.tamper.insert(forged as AuditEntry)
    expect((await audit.verify()).breaks).toMatchObject([{ kind: 'twice', number: 3 }])
  })

  test('an entry put in without a chain, though there were chains by then', async () => {
    await written(2)
    await audit.tamper.insert({ ...deed(), _id: 'node:zzz', at: new Date(Date.now() + 1_000).toISOString() })
    expect((await audit.verify()).breaks).toMatchObject([{ kind: 'inserted', id: 'node:zzz' }])
  })

  test('an entry behind the seal of its chain', async () => {
    const log = audit.open()
    await log.write(deed())
    await log.stop()
    const last = (await audit.chain()).at(-1)?.chain
    const end = { id: last?.id ?? '', number: last?.number ?? 0, hash: last?.hash ?? '' }
    const [forged] = placed(end, [
      { entry: { ...deed(), _id: 'node:zzz', at: new Date().toISOString() } as AuditEntry },
    ])
    await audit.tamper.insert(forged as AuditEntry)
    expect((await audit.verify()).breaks).toMatchObject([{ kind: 'inserted', id: 'node:zzz' }])
  })

  test('the end of a chain cut off, that a later chain has seen', async () => {
    const entries = await written(4)
    // Killed: nobody seals its chain.
    const later = audit.open()
    await later.write(deed())
    await witnessed(entries[4]?.chain?.id ?? '')
    expect((await audit.verify()).breaks).toEqual([])
    await audit.tamper.remove(entries[4]?._id ?? '', entries[3]?._id ?? '')
    expect((await audit.verify()).breaks).toMatchObject([{ kind: 'cut-off', id: entries[2]?._id, at: entries[2]?.at }])
  })

  test('a whole chain gone, that a later one has seen', async () => {
    const entries = await written(2)
    const later = audit.open()
    await later.write(deed())
    await witnessed(entries[0]?.chain?.id ?? '')
    await audit.tamper.remove(...entries.map(({ _id }) => _id))
    expect((await audit.verify()).breaks).toMatchObject([{ kind: 'gone', chain: entries[0]?.chain?.id }])
  })

  test('the end of a running chain cut off, by what its gateway knows', async () => {
    const log = audit.open()
    await log.write(deed())
    await log.write(deed())
    const here = log.head()
    expect((await audit.verify({ here })).open).toMatchObject([{ isHere: true, head: { number: 3 } }])
    const last = (await audit.chain()).at(-1) as AuditEntry
    await audit.tamper.remove(last._id)
    expect((await audit.verify()).breaks).toEqual([])
    expect((await audit.verify({ here })).breaks).toMatchObject([{ kind: 'cut-off', number: 2 }])
  })

  test('a chain that was written anew with all its hashes, by a head that was written down', async () => {
    const entries = await written(4)
    const head = entries[4]?.chain
    const noted = [{ chain: head?.id ?? '', number: 5, hash: head?.hash ?? '' }]
    const lies = entries.map((entry) => (entry.chain?.number === 3 ? { ...entry, node: 'node-999' } : entry))
    for (const entry of linkedAnew(lies)) await audit.tamper.change(entry._id, ({ _rev }) => ({ ...entry, _rev }))
    expect((await audit.verify()).breaks).toEqual([])
    expect((await audit.verify({ noted })).breaks).toMatchObject([{ kind: 'replaced', number: 5 }])
  })

  test('documents that a changed index does not show', async () => {
    const entries = await written(2)
    const design = await audit.couch.get<{ views: Record<string, object> }>('_design/chains')
    await audit.couch.put({
      ...design,
      _id: '_design/chains',
      views: {
        ...design?.views,
        'by-chain': {
          map: 'function (doc) { if (doc.chain) emit([doc.chain.id, doc.chain.number, doc._id], 0) }',
          reduce: '_stats',
        },
      },
    } as { _id: string })
    await audit.tamper.insert({ ...deed(), _id: 'node:zzz', at: entries[1]?.at })
    expect((await audit.verify()).breaks).toMatchObject([{ kind: 'hidden' }])
  })
})

describe('entries from before there were chains', () => {
  const old = (index: number) => ({ ...deed(), _id: `node:old-${index}`, at: `2025-11-2${index}T00:00:00.000Z` })
  beforeEach(async () => {
    for (let index = 0; index < 4; index++) await audit.couch.put(old(index))
  })

  test('are no break', async () => {
    await written(1)
    expect(await audit.verify()).toMatchObject({ breaks: [], unchained: 4, chains: 1 })
  })

  test.each([
    ['altered', () => audit.tamper.change('node:old-1', (entry) => ({ ...entry, node: 'node-999' }))],
    ['missing', () => audit.tamper.remove('node:old-1')],
    ['put in', () => audit.tamper.insert({ ...old(1), _id: 'node:old-1-and-a-half' })],
    ['put in at their end', () => audit.tamper.insert({ ...old(9), _id: 'node:old-9' })],
  ])('one %s afterwards is found: the first chain has counted and hashed them', async (_what, tamper) => {
    await written(1)
    await witnessed('')
    expect((await audit.verify()).breaks).toEqual([])
    await tamper()
    expect((await audit.verify()).breaks).toHaveLength(1)
  })
})

describe('finds nothing wrong', () => {
  test('in an empty audit', async () => {
    expect(await audit.verify()).toMatchObject({ breaks: [], entries: 0, chains: 0 })
  })

  test('in a chain that was sealed, of many written at once, with texts of any kind', async () => {
    const log = audit.open()
    const odd = [
      'é',
      'e\u0301',
      '\u0000',
      '\ud83d\ude00',
      '\ud800',
      '\ufffe',
      '"\\/',
      '\u2028',
      '\u007f',
      '</script>',
      ' ',
    ]
    await Promise.all(odd.map((reason) => log.write(deed({ reason }))))
    await log.stop()
    expect(await audit.verify()).toMatchObject({ breaks: [], sealed: 1, open: [], entries: odd.length + 2 })
  })

  test('where the last write of a gateway that was killed is there in part; until somebody says that it was whole', async () => {
    const log = audit.open()
    await log.write(deed())
    await Promise.all([log.write(deed()), log.write(deed()), log.write(deed())])
    const entries = await audit.chain()
    const [middle, last] = [entries[3] as AuditEntry, entries[4] as AuditEntry]
    const noted = [{ chain: last.chain?.id ?? '', number: 5, hash: last.chain?.hash ?? '' }]
    await audit.tamper.remove(middle._id)
    expect(await audit.verify()).toMatchObject({ breaks: [], open: [{ unresolved: [4], head: { number: 5 } }] })
    expect((await audit.verify({ noted })).breaks).toMatchObject([{ kind: 'missing' }])
    // The next gateway names what lacks, so that nothing more can be taken away.
    await audit.open().write(deed())
    await witnessed(last.chain?.id ?? '')
    expect((await audit.verify()).breaks).toEqual([])
    await audit.tamper.remove(entries[2]?._id ?? '')
    expect((await audit.verify()).breaks).toMatchObject([{ kind: 'missing' }])
  })
})

test('docs/audit.md: the hash can be reckoned with nothing but what stands there', async () => {
  const [, entry] = await written(1)
  const { _rev, chain, ...rest } = (await audit.couch.get<AuditEntry>(entry?._id ?? '')) as AuditEntry
  const { hash, ...place } = chain as NonNullable<AuditEntry['chain']>
  const sorted = (value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([k, v]) => [k, sorted(v)]),
        )
      : value
  const text = JSON.stringify(sorted({ ...rest, chain: place }))
  expect(createHash('sha256').update(text).digest('hex')).toBe(hash)
})

/** Waits for the entry that names the end of a chain. */
async function witnessed(chain: string): Promise<void> {
  const until = performance.now() + 10_000
  while (!(await audit.database.named()).has(chain)) {
    if (performance.now() > until) throw new Error(`nobody has named the end of ${chain}`)
  }
}
