import { RecentDocuments } from '../../../hub/import/recent-documents'
import type { StoredRecord } from '../../../hub/import/stored-record'
import { asSent, record } from './hub-of-fakes'

let nowMs = 0
let reads: string[][] = []
let stored = [record('101', '101', 'Practitioner', 'siti', { meta: { profile: ['ä'] } })]
const take = jest.fn()
const read = async (ids: readonly string[]) => {
  reads.push([...ids])
  return asSent(stored.filter(({ _id }) => ids.includes(_id)))
}
const [SITI, NOBODY] = ['101:Practitioner:siti', '101:Practitioner:nobody']
const texts = (records: StoredRecord[]) => records.map((one) => one.resourceText())

beforeEach(() => {
  nowMs = 0
  reads = []
  take.mockClear()
})

test('a document is read once in three seconds, and is the same each time; so is that there is none', async () => {
  const recent = new RecentDocuments(() => nowMs)
  const first = await recent.get([SITI, NOBODY], take, read)
  expect(texts(await recent.get([NOBODY, SITI], take, read))).toEqual(texts(first))
  expect(reads).toEqual([[SITI, NOBODY]])
  nowMs = 2_999
  await recent.get([SITI], take, read)
  expect(reads).toHaveLength(1)
  nowMs = 3_000
  stored = [record('101', '101', 'Practitioner', 'siti', { active: false })]
  expect(texts(await recent.get([SITI], take, read))[0]).toContain('"active":false')
  expect(reads).toHaveLength(2)
})

test('what is not known is read, and no more', async () => {
  const recent = new RecentDocuments(() => nowMs)
  await recent.get([SITI], take, read)
  await recent.get([SITI, NOBODY], take, read)
  expect(reads).toEqual([[SITI], [NOBODY]])
})

test('what is remembered counts as memory of the import that gets it', async () => {
  const recent = new RecentDocuments(() => nowMs)
  const [siti] = await recent.get([SITI], take, read)
  await recent.get([SITI], take, read)
  expect(take.mock.calls).toEqual([[siti?.bytes]])
})

test('a large document is read each time, and a thousand are remembered at the most', async () => {
  const recent = new RecentDocuments(() => nowMs)
  stored = [record('101', '101', 'Practitioner', 'siti', { note: 'x'.repeat(20_000) })]
  await recent.get([SITI], take, read)
  await recent.get([SITI], take, read)
  expect(reads).toHaveLength(2)
  const many = (from: number) => Array.from({ length: 600 }, (_, n) => `101:Practitioner:${from + n}`)
  await recent.get(many(0), take, read)
  await recent.get(many(600), take, read)
  reads = []
  await recent.get(many(0), take, read)
  expect(reads[0]).toHaveLength(600)
})
