import PouchDB from 'pouchdb'
import { WaitingRecords } from '../../../edge/replicator/waiting-records'
import type { RecordDocument } from '../../../schemas/generated/types'
import { temporaryFolder, until } from '../../support/processes'
import { location } from '../../support/records'

const NOW = new Date(2026, 0, 15, 9)
const TODAY = NOW.toISOString()

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let database: PouchDB.Database<RecordDocument>
let waiting: WaitingRecords
let aborter: AbortController

beforeEach(async () => {
  folder = await temporaryFolder()
  database = new PouchDB(`${folder.path}/ehr`)
  aborter = new AbortController()
  waiting = new WaitingRecords(
    database,
    '101',
    () => NOW,
    aborter.signal,
    (error) => {
      throw error
    },
  )
})
afterEach(async () => {
  aborter.abort()
  await waiting.stop()
  await database.close()
  await folder.remove()
})

const observation = (local: string): RecordDocument => ({
  ...location('101', local),
  _id: `10100000042:Observation:${local}`,
  type: 'Observation',
  mrn: '10100000042',
  recordedAt: TODAY,
  resource: { resourceType: 'Observation', id: `10100000042.${local}` } as RecordDocument['resource'],
})
const write = async (...documents: RecordDocument[]) => {
  const rows = await database.bulkDocs(documents)
  return rows.map((row) => ('rev' in row ? (row.rev ?? '') : ''))
}
const seq = async () => Number((await database.info()).update_seq)
const many = (count: number, prefix = 'n') =>
  Array.from({ length: count }, (_, index) => location('101', `${prefix}${index}`))
const urgentIds = () => waiting.lane.next(100, new Set()).map(({ id }) => id)

test('R1: counts what leaves the facility, and no other', async () => {
  await write(
    location('101', 'own'),
    observation('o'),
    { ...location('101', 'kept'), localOnly: true },
    location('102', 'foreign'),
    { ...location('101', 'copy'), imported: { hubId: 'x', importedAt: TODAY, facility: '102' } },
  )
  expect(await waiting.counts()).toMatchObject({ documents: 2, urgent: 1, oldestAt: '2026-01-15T00:00:00.000Z' })
  expect((await waiting.counts()).bytes).toBeGreaterThan(200)
})

test('a change of a waiting document is one document, and what was answered for is none', async () => {
  const [rev = ''] = await write(location('101', 'a'))
  await write(location('101', 'b'))
  expect((await waiting.counts()).documents).toBe(2)
  await write({ ...location('101', 'a', 'renamed'), _rev: rev })
  expect((await waiting.counts()).documents).toBe(2)
  waiting.answeredTo((await seq()) - 1)
  expect((await waiting.counts()).documents).toBe(1)
  waiting.answeredTo(await seq())
  expect(await waiting.counts()).toEqual({ documents: 0, bytes: 0, urgent: 0, oldestAt: null })
})

test('a document that is kept back from now on does not wait', async () => {
  const [rev = ''] = await write(location('101', 'a'))
  expect((await waiting.counts()).documents).toBe(1)
  await write({ ...location('101', 'a'), localOnly: true, _rev: rev })
  expect((await waiting.counts()).documents).toBe(0)
})

test('a backlog that nobody has read yet counts as waiting at once, and exactly once it is read', async () => {
  await write(...many(2_000), observation('late'), { ...location('101', 'kept'), localOnly: true })
  waiting.restartAt(0)
  expect((await waiting.counts()).documents).toBe(2_002)
  waiting.look()
  await until('it is read', async () => (await waiting.counts()).documents === 2_001)
  expect(urgentIds()).toEqual(['10100000042:Observation:late'])
})

test('a push that is faster is not read after it', async () => {
  await write(...many(2_000))
  waiting.answeredTo(2_000)
  const changes = jest.spyOn(database, 'changes')
  await waiting.counts()
  expect(changes).toHaveBeenCalledTimes(0)
})

test.each([0, 100, 1_500])(
  'a comparison that leads back to %s finds again what follows, and nothing twice',
  async (back) => {
    await write(...many(2_000))
    waiting.look()
    await until('it is read', async () => (await waiting.counts()).documents === 2_000)
    waiting.answeredTo(1_800)
    expect((await waiting.counts()).documents).toBe(200)
    waiting.restartAt(back)
    expect((await waiting.counts()).documents).toBe(2_000 - back)
    // Back again while the way back is only half read.
    waiting.look()
    waiting.restartAt(Math.floor(back / 2))
    waiting.look()
    await until('all is read', async () => {
      const { documents, bytes } = await waiting.counts()
      return documents === 2_000 - Math.floor(back / 2) && bytes > 0
    })
    waiting.answeredTo(1_900)
    expect((await waiting.counts()).documents).toBe(100)
  },
)

describe('the urgent lane', () => {
  const answered = async (id: string) => {
    const { _rev } = await database.get(id)
    const [next] = waiting.lane.next(1, new Set())
    waiting.answeredAhead({ id, revs: [_rev], texts: [] }, next?.seq ?? 0)
    return { id, revs: [_rev], texts: [] }
  }

  test('R24: leaves out in its turn the very revision that was answered for', async () => {
    await write(...many(5), observation('o'))
    expect((await waiting.counts()).urgent).toBe(1)
    const document = await answered('10100000042:Observation:o')
    expect(await waiting.counts()).toMatchObject({ documents: 5, urgent: 0 })
    expect(waiting.lane.isAnswered(document)).toBe(true)
    expect(waiting.lane.isAnswered({ ...document, revs: [...document.revs, '2-conflict'] })).toBe(false)
    expect(waiting.lane.isAnswered({ ...document, revs: ['2-newer'] })).toBe(false)
  })

  test('R24: a change after that waits again, in the lane', async () => {
    const [rev = ''] = await write(observation('o'))
    await waiting.counts()
    const document = await answered('10100000042:Observation:o')
    await write({ ...observation('o'), _rev: rev })
    expect(await waiting.counts()).toMatchObject({ documents: 1, urgent: 1 })
    expect(waiting.lane.isAnswered(document)).toBe(false)
  })

  test('law 5: an answer for a revision of before does not count for a change since', async () => {
    const [rev = ''] = await write(observation('o'))
    await waiting.counts()
    const [before] = waiting.lane.next(1, new Set())
    await write({ ...observation('o'), _rev: rev })
    await waiting.counts()
    waiting.answeredAhead({ id: before?.id ?? '', revs: [rev], texts: [] }, before?.seq ?? 0)
    expect(await waiting.counts()).toMatchObject({ documents: 1, urgent: 1 })
  })

  test('R24: a comparison forgets it, and it goes in its turn', async () => {
    await write(...many(5), observation('o'), observation('p'))
    await waiting.counts()
    const document = await answered('10100000042:Observation:o')
    waiting.restartAt(2)
    expect(waiting.lane.isAnswered(document)).toBe(false)
    expect(await waiting.counts()).toMatchObject({ documents: 5, urgent: 1 })
    expect(urgentIds()).toEqual(['10100000042:Observation:p'])
    waiting.answeredTo(await seq())
    expect(await waiting.counts()).toMatchObject({ documents: 0, urgent: 0 })
    expect(urgentIds()).toEqual([])
  })

  test('R23: is bounded; what is too much goes in its turn', async () => {
    await write(...Array.from({ length: 2_300 }, (_, index) => observation(`n${index}`)))
    waiting.look()
    await until('it is read', async () => (await waiting.counts()).urgent === 2_000)
    await until('all of it', async () => waiting.lane.next(5_000, new Set()).length === 2_000)
    expect((await waiting.counts()).documents).toBe(2_300)
  })
})

test('R22: other types that go first change the lanes of what waits already, and nothing of what the hub has', async () => {
  await write(observation('done'))
  waiting.answeredTo(await seq())
  await write(observation('o1'), location('101', 'l1'), observation('o2'))
  expect(await waiting.counts()).toMatchObject({ documents: 3, urgent: 2 })
  waiting.useUrgentTypes([])
  expect(await waiting.counts()).toMatchObject({ documents: 3, urgent: 0 })
  expect(urgentIds()).toEqual([])
  await write(observation('o3'))
  expect(await waiting.counts()).toMatchObject({ documents: 4, urgent: 0 })
  waiting.useUrgentTypes(undefined)
  expect(await waiting.counts()).toMatchObject({ documents: 4, urgent: 3 })
  expect(urgentIds()).toEqual(['o1', 'o2', 'o3'].map((local) => `10100000042:Observation:${local}`))
})
