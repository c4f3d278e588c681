import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CouchAddress } from '../../../hub/couch/address'
import { connect } from '../../../hub/couch/connect'
import { startEmbeddedStore } from '../../../hub/couch/embedded-store'
import { createLog } from '../../../runtime/log'
import { Secret } from '../../../runtime/settings'
import { until } from '../../support/processes'

const admin = { username: 'admin', password: new Secret('the-password') }
const log = createLog('store', 'error')

describe('the embedded store', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lontar-store-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const start = (port = 0) => startEmbeddedStore({ folder, host: '127.0.0.1', port, admin, log })

  test('serves Fauxton to a browser', async () => {
    const store = await start()
    const page = await fetch(`${store.url}/_utils/`)
    expect(page.status).toBe(200)
    const html = await page.text()
    const script = /src="\.\/(dashboard\.assets\/js\/[^"]+)"/.exec(html)?.[1]
    for (const [path, end] of [
      [`/_utils/${script}`, `/_utils/${script}`],
      ['/_utils', '/_utils/'],
    ]) {
      const answer = await fetch(`${store.url}${path}`)
      expect([answer.status, answer.url]).toEqual([200, `${store.url}${end}`])
      await answer.arrayBuffer()
    }
    await store.stop()
  })

  test('leaves nothing in the current folder', async () => {
    const before = readdirSync('.')
    const store = await start()
    await connect({ ...admin, url: store.url }).createDatabase('nodes')
    await store.stop()
    expect(readdirSync('.')).toEqual(before)
  })

  test('keeps what it has, and its uuid, over a restart; stop may be called twice', async () => {
    const uuids = new Set<string>()
    for (const time of [1, 2, 3]) {
      const store = await start()
      uuids.add(((await (await fetch(store.url)).json()) as { uuid: string }).uuid)
      const couch = connect({ ...admin, url: store.url })
      await couch.createDatabase('nodes')
      await couch.database('nodes').put({ _id: `time-${time}` })
      expect(await couch.database('nodes').allDocs()).toHaveLength(time)
      await couch.stop()
      await store.stop()
      await store.stop()
    }
    expect(uuids.size).toBe(1)
  })

  test('says which setting helps when its port is taken', async () => {
    const store = await start()
    await expect(start(Number(new URL(store.url).port))).rejects.toThrow(/Set HUB_COUCH_PORT to a free one/)
    await store.stop()
  })

  test('a database that was destroyed is gone, and a new one of its name is empty and has no validators', async () => {
    const store = await start()
    const couch = connect({ ...admin, url: store.url })
    const validator = { validate_doc_update: "(function () { throw { forbidden: 'no' } })" }
    for (const _time of [1, 2, 3]) {
      expect(await couch.createDatabase('nodes')).toBe(true)
      await couch.database('nodes').put({ _id: 'one' })
      await couch.database('nodes').put({ _id: '_design/no', ...validator })
      await expect(couch.database('nodes').put({ _id: 'two' })).rejects.toMatchObject({ status: 403 })
      expect(await couch.database('nodes').allDocs({ startkey: 'a' })).toHaveLength(1)
      expect(await couch.destroyDatabase('nodes')).toBe(true)
      expect(await couch.destroyDatabase('nodes')).toBe(false)
    }
    await couch.stop()
    await store.stop()
  })

  test('brings a view up to date by itself once writes pause', async () => {
    const store = await start()
    const couch = connect({ ...admin, url: store.url })
    await couch.createDatabase('nodes')
    const map = 'function (doc) { emit(doc._id, null) }'
    await couch.database('nodes').put({ _id: '_design/all', views: { all: { map } } } as { _id: string })
    const views = () => readdirSync(join(folder)).filter((name) => name.includes('-mrview-'))
    expect(views()).toEqual([])
    await until('the view is there though nobody has asked it', async () => views().length === 1)
    await couch.stop()
    await store.stop()
  })

  test('law 3: whatever it acknowledged is there after kill -9', async () => {
    const acknowledged: string[] = []
    for (let round = 0; round < 3; round++) {
      const { child, address } = await startProcess(folder)
      const couch = connect(address)
      await couch.createDatabase('nodes')
      const nodes = couch.database('nodes')
      const writers = Array.from({ length: 4 }, async (_, writer) => {
        for (let n = 0; ; n++) {
          const ids = [`${round}-${writer}-${n}-a`, `${round}-${writer}-${n}-b`]
          await nodes.bulk(ids.map((_id) => ({ _id })))
          acknowledged.push(...ids)
          if (acknowledged.length > (round + 1) * 150) child.kill('SIGKILL')
        }
      })
      await Promise.allSettled(writers)
      await couch.stop()
    }
    const { child, address } = await startProcess(folder)
    const couch = connect(address)
    const found = new Set((await couch.database('nodes').allDocs()).map(({ id }) => id))
    expect(acknowledged.length).toBeGreaterThan(400)
    expect(acknowledged.filter((id) => !found.has(id))).toEqual([])
    await couch.stop()
    child.kill('SIGKILL')
  })
})

/** The store in a process of its own, from the build. */
async function startProcess(folder: string): Promise<{ child: ChildProcess; address: CouchAddress }> {
  const program = `
    const { startEmbeddedStore } = require('./dist/hub/couch/embedded-store')
    const { createLog } = require('./dist/runtime/log')
    const { Secret } = require('./dist/runtime/settings')
    const admin = { username: 'admin', password: new Secret('the-password') }
    startEmbeddedStore({ folder: ${JSON.stringify(folder)}, host: '127.0.0.1', port: 0, admin, log: createLog('store', 'error') })
      .then(({ url }) => process.stdout.write(url))`
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [url] = await once(child.stdout, 'data')
  return { child, address: { ...admin, url: String(url) } }
}
