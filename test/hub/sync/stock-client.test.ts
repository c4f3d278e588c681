import PouchDB from 'pouchdb'
import { type RunningHub, startHub } from '../../support/hub'
import { type NodeAccount, registerNode } from '../../support/node'
import { temporaryFolder } from '../../support/processes'
import { location } from '../../support/records'

let hub: RunningHub
let node: NodeAccount
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let source: PouchDB.Database
let target: PouchDB.Database

beforeAll(async () => {
  hub = await startHub()
  node = await registerNode(hub, '101')
  folder = await temporaryFolder()
  source = new PouchDB(`${folder.path}/source`)
  const auth = { username: node.nodeName, password: node.syncPassword }
  target = new PouchDB(`${hub.url}/sync/ehr`, { auth, skip_setup: true })
}, 60_000)
afterAll(async () => {
  await source?.close()
  await folder?.remove()
  await hub?.remove()
})

describe('a stock PouchDB with a node’s credentials', () => {
  test('pushes, goes on from its checkpoint, and takes deletions along', async () => {
    await source.bulkDocs(Array.from({ length: 250 }, (_, index) => location('101', `s${index}`)))
    const first = await source.replicate.to(target)
    expect(first).toMatchObject({ ok: true, docs_written: 250, doc_write_failures: 0 })
    const gone = await source.get('101:Location:s7')
    await source.remove(gone)
    await source.put(location('101', 'later'))
    const second = await source.replicate.to(target)
    expect(second).toMatchObject({ ok: true, docs_read: 2, doc_write_failures: 0 })
    expect((await hub.couch('/ehr/101%3ALocation%3As7')).status).toBe(404)
    expect((await hub.couch('/ehr/101%3ALocation%3Alater')).status).toBe(200)
  })

  test('is refused what it does not own, and the rest arrives', async () => {
    await source.bulkDocs([location('102', 'foreign'), location('101', 'own')])
    const outcome = await source.replicate.to(target)
    expect(outcome.doc_write_failures).toBe(1)
    expect((await hub.couch('/ehr/101%3ALocation%3Aown')).status).toBe(200)
    expect((await hub.couch('/ehr/102%3ALocation%3Aforeign')).status).toBe(404)
  })

  test.each<[string, () => Promise<unknown>]>([
    ['get', () => target.get('101:Location:own')],
    ['allDocs', () => target.allDocs()],
    ['changes', () => target.changes()],
    [
      'pull',
      async () =>
        (new PouchDB(`${folder.path}/pulled`).replicate as unknown as { from: (db: unknown) => Promise<unknown> }).from(
          target,
        ),
    ],
  ])('reads nothing by %s', async (_what, read) => {
    await expect(read()).rejects.toMatchObject({ status: 403 })
  })
})
