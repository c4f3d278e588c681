import PouchDB from 'pouchdb'
import { type Batch, cut, readBatch, readDocument, readOn } from '../../../edge/replicator/batch-reader'
import { temporaryFolder } from '../../support/processes'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let database: PouchDB.Database

beforeEach(async () => {
  folder = await temporaryFolder()
  database = new PouchDB(`${folder.path}/ehr`)
})
afterEach(async () => {
  await database.close()
  await folder.remove()
})

const MUCH = { bytes: 10_000_000, documents: 1_000 }
const ids = (batch: { documents: { id: string }[] }) => batch.documents.map((document) => document.id)
const textOf = (batch: { documents: { texts: string[] }[] }, index = 0) =>
  JSON.parse(batch.documents[index]?.texts[0] ?? '{}')

describe('reading a batch', () => {
  test('R1: own documents and no others', async () => {
    await database.bulkDocs([
      { _id: '10100000042:Patient' },
      { _id: '10200000042:Patient' },
      { _id: '101:Organization:main' },
      { _id: '10100000042:Observation:draft', localOnly: true },
      { _id: '10100000042:Observation:copy', imported: { at: 'then' } },
      { _id: '_design/x' },
    ])
    const batch = await readBatch(database, '101', 0, MUCH)
    expect(ids(batch).sort()).toEqual(['10100000042:Patient', '101:Organization:main'])
    expect(batch.lastSeq).toBe((await database.info()).update_seq)
  })

  test('R4: ends at its bytes, and goes on there', async () => {
    await database.bulkDocs(
      Array.from({ length: 250 }, (_, index) => ({ _id: `101:Location:${index}`, text: 'x'.repeat(1_000) })),
    )
    const seen: string[] = []
    let since = 0
    for (;;) {
      const batch = await readBatch(database, '101', since, { bytes: 20_000, documents: 1_000 })
      if (batch.documents.length === 0) break
      expect(batch.documents.length).toBeLessThanOrEqual(20)
      seen.push(...ids(batch))
      since = batch.lastSeq
    }
    expect(seen).toHaveLength(250)
    expect(new Set(seen).size).toBe(250)
  })

  test('R4: a document that is larger than a batch goes alone', async () => {
    await database.put({ _id: '101:Location:a' })
    await database.put({ _id: '101:Location:big', text: 'x'.repeat(50_000) })
    await database.put({ _id: '101:Location:z' })
    const first = await readBatch(database, '101', 0, { bytes: 1_000, documents: 10 })
    const second = await readBatch(database, '101', first.lastSeq, { bytes: 1_000, documents: 10 })
    const third = await readBatch(database, '101', second.lastSeq, { bytes: 1_000, documents: 10 })
    expect([ids(first), ids(second), ids(third)]).toEqual([
      ['101:Location:a'],
      ['101:Location:big'],
      ['101:Location:z'],
    ])
  })

  test('R4: reads on from where a batch ends, and cuts it where the next one may end', async () => {
    await database.bulkDocs(
      Array.from({ length: 30 }, (_, index) => ({ _id: `101:Location:${index}`, text: 'x'.repeat(1_000) })),
    )
    const whole = await readBatch(database, '101', 0, MUCH)
    const begun = await readBatch(database, '101', 0, { bytes: 5_000, documents: 100 })
    expect(begun.documents.length).toBeLessThan(5)
    expect(await readOn(database, '101', begun, MUCH)).toEqual(whole)
    expect(await readOn(database, '101', begun, { bytes: 1, documents: 1 })).toEqual(begun)

    const seen: string[] = []
    for (let left: Batch = whole; left.documents.length > 0; ) {
      const [batch, later] = cut(left, { bytes: 5_000, documents: 3 })
      expect(batch.documents).toHaveLength(3)
      // Whoever goes on at its last sequence misses nothing and gets nothing twice.
      expect(ids(await readBatch(database, '101', batch.lastSeq, MUCH))).toEqual(ids(later))
      seen.push(...ids(batch))
      left = later
    }
    expect(seen).toEqual(ids(whole))
    expect(ids(cut(whole, { bytes: 1, documents: 9 })[0])).toEqual(ids(whole).slice(0, 1))
    expect(cut(whole, MUCH)).toEqual([whole, { documents: [], lastSeq: whole.lastSeq }])
  })

  test('documents go with their whole history', async () => {
    const one = await database.put({ _id: '101:Location:a', version: 1 })
    const two = await database.put({ _id: '101:Location:a', _rev: one.rev, version: 2 })
    const batch = await readBatch(database, '101', 0, MUCH)
    expect(textOf(batch)).toMatchObject({
      _rev: two.rev,
      version: 2,
      _revisions: { start: 2, ids: [two.rev.slice(2), one.rev.slice(2)] },
    })
  })

  test('a first revision is the same as when it is read with its history', async () => {
    await database.put({ _id: '101:Location:a', version: 1 })
    const [quick, slow] = [
      await readBatch(database, '101', 0, MUCH),
      await readDocument(database, '101', '101:Location:a'),
    ]
    expect(textOf(quick)).toEqual(JSON.parse(slow.texts[0] ?? ''))
  })

  test('a deletion goes as a tombstone', async () => {
    const { rev } = await database.put({ _id: '101:Location:a', name: 'gone' })
    await database.remove({ _id: '101:Location:a', _rev: rev })
    const text = textOf(await readBatch(database, '101', 0, MUCH))
    expect(text).toMatchObject({ _id: '101:Location:a', _deleted: true, _revisions: { start: 2 } })
    expect(text).not.toHaveProperty('name')
  })

  test('attachments go inline', async () => {
    await database.put({
      _id: '101:Location:a',
      _attachments: { 'photo.txt': { content_type: 'text/plain', data: Buffer.from('photo').toString('base64') } },
    })
    const text = textOf(await readBatch(database, '101', 0, MUCH))
    expect(text._attachments['photo.txt'].data).toBe(Buffer.from('photo').toString('base64'))
  })
})
