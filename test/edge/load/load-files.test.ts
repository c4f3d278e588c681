import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { loadBundle } from '../../../edge/load/load-bundle'
import { loadFiles } from '../../../edge/load/load-files'
import { lines } from '../../../edge/load/load-progress'
import { loadRoutes } from '../../../edge/load/routes'
import { codedErrorOf } from '../../../protocol/coded-error-of'
import { closeApp, type HttpServer, listen, openApp } from '../../../runtime/http-server'
import { createLog } from '../../../runtime/log'
import { newFolder, type Opened, opened, remove } from '../store/opened'
import { loadTools } from './loading'

let edge: Opened
let server: HttpServer
const folder = mkdtempSync(join(tmpdir(), 'lontar-files-'))
beforeAll(async () => {
  edge = await opened(newFolder())
  const log = createLog('edge', 'silent')
  const app = openApp(log)
  app.use(loadRoutes((bundle) => loadBundle(bundle, loadTools(edge))))
  const refuse = (error: unknown) => {
    const coded = codedErrorOf(error)
    return coded ? { status: coded.status, body: coded.body } : { status: 500, body: {}, fault: error }
  }
  closeApp(app, log, refuse, () => new Error('no such address'))
  server = await listen(app, { host: '127.0.0.1', port: 0, setting: 'EDGE_PORT' })
})
afterAll(async () => {
  await server.stop()
  await edge.close()
  remove(edge.folder)
  rmSync(folder, { recursive: true })
})

const patient = (id: string, more: object = {}) => ({
  resourceType: 'Patient',
  id,
  name: [{ family: 'Secret' }],
  ...more,
})

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

function bundleFile(name: string, ...resources: object[]): string {
  const text = JSON.stringify({
    resourceType: 'Bundle',
    type: 'collection',
    entry: resources.map((resource) => ({ resource })),
  })
  return file(name, name.endsWith('.gz') ? gzipSync(text) : text)
}

async function load(files: string[], url = server.url): Promise<{ status: number; said: string[] }> {
  const said: string[] = []
  const status = await loadFiles(
    files,
    url,
    lines((line) => said.push(line)),
    () => 0,
  )
  return { status, said }
}

test('names each bad file and goes on after it', async () => {
  const files = [
    join(folder, 'missing.json'),
    folder,
    file('broken.json.gz', gzipSync('{}').subarray(0, 10)),
    file('broken.json', '{"resourceType":'),
    file('list.json', '[]'),
    bundleFile('invalid.json', patient('a'), patient('b', { gender: 'banana' })),
    bundleFile('good.json', patient('c')),
  ]
  const { status, said } = await load(files)
  expect(status).toBe(1)
  expect(said.slice(0, 4)).toEqual([
    'missing.json: refused: there is no such file',
    expect.stringContaining(': refused: it is a folder'),
    'broken.json.gz: refused: it is not a gzip file, or not a whole one',
    'broken.json: refused: The body is not JSON.',
  ])
  expect(said[4]).toMatch(/^list\.json: refused: The bundle is not valid/)
  expect(said[5]).toMatch(/^invalid\.json: refused: .* Bundle\.entry\[1\]\.resource\.gender must be one of/)
  expect(said[6]).toBe('good.json: 1 created, 0 unchanged')
  expect(said[7]).toBe(
    '1 of 7 files loaded, 6 refused · 1 patients created, 0 unchanged · 1 resources created, 0 unchanged · 0.0 s',
  )
  expect(said.join()).not.toMatch(/banana|Secret/)
})

test('stops at the first file when no edge answers', async () => {
  const files = [bundleFile('x.json', patient('x')), bundleFile('y.json', patient('y'))]
  const { status, said } = await load(files, 'http://127.0.0.1:9')
  expect(status).toBe(1)
  expect(said).toEqual([
    'x.json: refused: no edge answers at http://127.0.0.1:9; start it, or set EDGE_URL',
    expect.stringContaining('0 of 2 files loaded, 1 refused, 1 not tried'),
  ])
})

test('the same files twice, packed or not, change nothing', async () => {
  const files = [bundleFile('d.json', patient('d')), bundleFile('e.json.gz', patient('e'))]
  expect((await load(files)).said.at(-1)).toContain('2 patients created, 0 unchanged')
  const again = await load(files)
  expect(again.status).toBe(0)
  expect(again.said.at(-1)).toContain('2 of 2 files loaded · 0 patients created, 2 unchanged')
})
