import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import PouchDB from 'pouchdb'
import { syncedLevelDown } from '../../runtime/synced-leveldown'

/** What LevelDB itself is told, at the last place before it. */
const binding: Record<'db_put' | 'db_del' | 'batch_do', (...args: unknown[]) => void> = require('leveldown/binding')

describe('law 3: a write is on the disk before it is answered', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lontar-synced-'))
  const Durable = PouchDB.defaults({ adapter: 'leveldb', db: syncedLevelDown, prefix: `${folder}/` } as object)
  const db = new Durable<{ n?: number }>('ehr')

  afterAll(async () => {
    await db.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const writes: [string, () => Promise<unknown>][] = [
    ['a document', () => db.put({ _id: 'one' })],
    ['a batch of documents', () => db.bulkDocs([{ _id: 'two' }, { _id: 'three' }])],
    ['a replicated revision', () => db.bulkDocs([{ _id: 'four', _rev: '1-abc' }], { new_edits: false })],
    ['a checkpoint', () => db.put({ _id: '_local/checkpoint' })],
    ['a deletion', async () => db.remove(await db.get('one'))],
  ]
  test.each(writes)('%s', async (_what, write) => {
    await db.info()
    const spies = (['db_put', 'db_del', 'batch_do'] as const).map((name) => jest.spyOn(binding, name))
    await write()
    const calls = spies.flatMap((spy) => spy.mock.calls)
    for (const spy of spies) spy.mockRestore()
    expect(calls.length).toBeGreaterThan(0)
    for (const call of calls) expect(call.at(-2)).toMatchObject({ sync: true })
  })

  test('a database is destroyed with its files', async () => {
    const doomed = new Durable('doomed')
    await doomed.put({ _id: 'one' })
    await doomed.destroy()
    const again = new Durable('doomed')
    expect((await again.info()).doc_count).toBe(0)
    await again.close()
  })
})
