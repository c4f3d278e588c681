import { mkdtempSync, rmSync } from 'node:fs'
import { connect as connectSocket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { connect } from '../../../hub/couch/connect'
import { type EmbeddedStore, startEmbeddedStore } from '../../../hub/couch/embedded-store'
import { setUpCouch } from '../../../hub/couch/set-up'
import { createLog } from '../../../runtime/log'
import { Secret } from '../../../runtime/settings'

const admin = { username: 'admin', password: new Secret('the-password') }
const authorization = `Basic ${Buffer.from('admin:the-password').toString('base64')}`

/** Values that belong nowhere. */
const ODD = [
  null,
  0,
  -1,
  1.5,
  '',
  'x',
  '\u0000',
  '__proto__',
  [],
  [null],
  {},
  { a: 1 },
  true,
  false,
  1e21,
  '1-',
  '1-x-y',
]

describe('the embedded store outlives whatever comes in', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lontar-malformed-'))
  let store: EmbeddedStore
  let before: NodeJS.UncaughtExceptionListener[]
  const faults: unknown[] = []
  const collect = (error: unknown) => faults.push(error)

  beforeAll(async () => {
    store = await startEmbeddedStore({
      folder,
      host: '127.0.0.1',
      port: 0,
      admin,
      log: createLog('store', 'silent'),
    })
    const couch = connect({ ...admin, url: store.url })
    await setUpCouch(couch, { log: createLog('hub', 'error'), signal: new AbortController().signal })
    await couch.database('nodes').put({ _id: 'one' })
    await couch.stop()
    before = process.listeners('uncaughtException')
    process.on('uncaughtException', collect)
    process.on('unhandledRejection', collect)
  })
  afterAll(async () => {
    process.off('uncaughtException', collect)
    process.off('unhandledRejection', collect)
    expect(process.listeners('uncaughtException')).toEqual(before)
    await store.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  afterEach(async () => {
    expect(await status('GET', '/nodes/one')).toBe(200)
    expect(faults).toEqual([])
  })

  async function status(method: string, path: string, body?: unknown, headers: object = {}): Promise<number> {
    const response = await fetch(`${store.url}${path}`, {
      method,
      headers: { authorization, ...headers },
      ...(body !== undefined && {
        body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
      }),
      signal: AbortSignal.timeout(5_000),
    } as RequestInit)
    await response.arrayBuffer()
    return response.status
  }

  const documents: [string, (odd: unknown) => unknown][] = [
    ['a document', (odd) => odd],
    ['an _id', (odd) => ({ _id: odd })],
    ['a _rev', (odd) => ({ _id: 'x', _rev: odd })],
    ['a _deleted', (odd) => ({ _id: 'x', _deleted: odd })],
    ['a _revisions', (odd) => ({ _id: 'x', _rev: '1-a', _revisions: odd })],
    ['a start', (odd) => ({ _id: 'x', _rev: '1-a', _revisions: { start: odd, ids: ['a'] } })],
    ['ids', (odd) => ({ _id: 'x', _rev: '1-a', _revisions: { start: 1, ids: odd } })],
    ['an id in ids', (odd) => ({ _id: 'x', _rev: '1-a', _revisions: { start: 1, ids: [odd] } })],
    ['_attachments', (odd) => ({ _id: 'x', _attachments: odd })],
    ['an attachment', (odd) => ({ _id: 'x', _attachments: { a: odd } })],
    ['the data of an attachment', (odd) => ({ _id: 'x', _attachments: { a: { content_type: 'a/b', data: odd } } })],
    ['an attachment without data', (odd) => ({ _id: 'x', _attachments: { a: { content_type: 'a/b', follows: odd } } })],
    [
      'a typed stub',
      (odd) => ({ _id: 'x', _attachments: { a: { content_type: 'a/b', stub: true, digest: odd, revpos: odd } } }),
    ],
    ['an attachment that is a stub', (odd) => ({ _id: 'x', _attachments: { a: { stub: true, digest: odd } } })],
    ['__proto__', () => JSON.parse('{"_id":"x","__proto__":{"a":1}}')],
  ]
  test.each(documents)('%s', async (_what, documentOf) => {
    for (const odd of ODD) {
      const doc = documentOf(odd)
      for (const newEdits of [true, false, odd]) {
        const bulk = await status('POST', '/nodes/_bulk_docs', { docs: [doc], new_edits: newEdits })
        expect([201, 400, 412]).toContain(bulk)
      }
      expect(await status('PUT', '/nodes/x', doc)).toBeLessThan(500)
      expect(await status('PUT', '/nodes/_local/x', doc)).toBeLessThan(500)
      expect(await status('PUT', '/nodes/_design/x', doc)).toBeLessThan(500)
      expect(await status('POST', '/nodes', doc)).toBeLessThan(500)
      expect(await status('PUT', '/_users/org.couchdb.user:x', doc)).toBeLessThan(500)
    }
  })

  test('law 10: an attachment without a type is refused before PouchDB prints whose it is', async () => {
    const printed = jest.spyOn(console, 'error').mockImplementation(() => undefined)
    const warned = jest.spyOn(console, 'warn').mockImplementation(() => undefined)
    for (const type of [undefined, '', null]) {
      const doc = { _id: '10100000017:Patient', _attachments: { a: { content_type: type, data: 'QUJD' } } }
      expect(await status('POST', '/nodes/_bulk_docs', { docs: [doc] })).toBe(400)
    }
    expect([...printed.mock.calls, ...warned.mock.calls]).toEqual([])
    jest.restoreAllMocks()
  })

  const bodies: [string, string, (odd: unknown) => unknown][] = [
    ['POST', '/nodes/_bulk_docs', (odd) => odd],
    ['POST', '/nodes/_bulk_docs', (odd) => ({ docs: odd })],
    ['POST', '/nodes/_revs_diff', (odd) => odd],
    ['POST', '/nodes/_revs_diff', (odd) => ({ one: odd })],
    ['POST', '/nodes/_revs_diff', (odd) => ({ one: [odd] })],
    ['POST', '/nodes/_bulk_get', (odd) => ({ docs: odd })],
    ['POST', '/nodes/_bulk_get', (odd) => ({ docs: [odd] })],
    ['POST', '/nodes/_bulk_get', (odd) => ({ docs: [{ id: 'one', rev: odd }] })],
    ['POST', '/nodes/_all_docs', (odd) => ({ keys: odd })],
    ['POST', '/nodes/_all_docs', (odd) => ({ keys: [odd] })],
    ['POST', '/nodes/_all_docs', (odd) => ({ startkey: odd, endkey: odd, limit: odd })],
    ['POST', '/nodes/_all_docs', (odd) => ({ key: odd })],
    ['POST', '/nodes/_changes', (odd) => ({ doc_ids: odd, limit: odd })],
    ['POST', '/ehr/_design/links/_view/by-target', (odd) => ({ keys: odd })],
    ['POST', '/ehr/_design/links/_view/by-target', (odd) => ({ keys: [odd], limit: odd, skip: odd })],
    ['PUT', '/nodes/_security', (odd) => ({ members: odd, admins: { names: odd } })],
    ['POST', '/_session', (odd) => ({ name: odd, password: odd })],
  ]
  test.each(bodies)('%s %s', async (method, path, bodyOf) => {
    for (const odd of ODD) expect(await status(method, path, bodyOf(odd))).toBeLessThan(500)
    expect(await status('PUT', '/nodes/_security', {})).toBe(200)
  })

  const raw: [string, unknown][] = [
    ['nothing', ''],
    ['broken JSON', '{'],
    ['a number', '5'],
    ['bytes that are not UTF-8', Buffer.from([0xff, 0xfe, 0x00])],
    ['a deep nest', `{"docs":${'['.repeat(50_000)}`],
  ]
  test.each(raw)('a body of %s', async (_what, body) => {
    for (const path of ['/nodes/_bulk_docs', '/nodes/_revs_diff', '/nodes/_all_docs', '/nodes', '/_session']) {
      expect(await status('POST', path, body)).toBeLessThan(500)
    }
  })

  test('a document so deep that no stack holds it', async () => {
    const body = `{"docs":[{"_id":"x","a":${'['.repeat(5_000)}${']'.repeat(5_000)}}]}`
    expect(await status('POST', '/nodes/_bulk_docs', body)).toBeGreaterThanOrEqual(200)
  })

  test('bodies that unpack to too much, are not what they say, or have parts', async () => {
    const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024, 32))
    expect(await status('POST', '/nodes/_bulk_docs', bomb, { 'content-encoding': 'gzip' })).toBe(413)
    expect(await status('POST', '/nodes/_bulk_docs', '{}', { 'content-encoding': 'gzip' })).toBe(400)
    expect(await status('POST', '/nodes/_bulk_docs', '{}', { 'content-encoding': 'br' })).toBe(415)
    const parts = { 'content-type': 'multipart/related; boundary=x' }
    expect(await status('PUT', '/nodes/x', '--x\r\n\r\n{\r\n--x--', parts)).toBe(415)
    expect(await status('POST', '/nodes/x', '--x\r\n\r\n{\r\n--x--', parts)).toBeLessThan(500)
    const good = gzipSync(JSON.stringify({ docs: [{ _id: 'zipped' }] }))
    expect(await status('POST', '/nodes/_bulk_docs', good, { 'content-encoding': 'gzip' })).toBe(201)
  })

  test('query parameters of another type', async () => {
    const names =
      'startkey endkey key keys limit skip descending include_docs conflicts rev open_revs revs since feed filter ' +
      'attachments group group_level reduce doc_ids timeout heartbeat new_edits style view userCtx db __proto__ name'
    for (const name of names.split(' ')) {
      for (const value of [
        '',
        '1',
        '-1',
        'x',
        'null',
        '[]',
        '{}',
        '"x"',
        '["x"]',
        '{"a":[]}',
        'true',
        '1e400',
        '%00',
      ]) {
        if (name === 'feed') continue
        const query = `${name}=${encodeURIComponent(value)}`
        for (const path of [
          '/nodes/_all_docs',
          '/nodes/one',
          '/nodes/_changes',
          '/ehr/_design/links/_view/by-target',
        ]) {
          const found = await status('GET', `${path}?${query}`)
          if (![200, 400, 404, 409].includes(found)) throw new Error(`${path}?${query} answered ${found}`)
        }
      }
    }
    expect(await status('GET', '/nodes/_changes?feed=continuous')).toBe(400)
  })

  test('paths', async () => {
    const paths = [
      '/%',
      '/%00',
      '/..',
      '/%2e%2e/x',
      '/nodes/%',
      '/nodes/..%2f..%2fx',
      '/nodes//x',
      '//nodes',
      '/con',
      '/nodes-mrview-x',
      '/undefined/x',
      '/nodes/_temp_view',
      '/nodes/_find',
      '/nodes/_design/x/_show/y',
      '/nodes/_design/x/_update/y',
      '/nodes/_design/x/_rewrite/y',
      '/_config',
      '/_replicate',
      '/_restart',
      '/_log',
      '/__proto__',
      '/nodes/__proto__',
      '/constructor/x',
    ]
    for (const path of paths) {
      for (const method of ['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS']) {
        const body = method === 'PUT' || method === 'POST' ? '{}' : undefined
        if (path === '/con' && method !== 'GET') continue
        expect([method, path, await status(method, path, body)]).toEqual([method, path, expect.any(Number)])
      }
    }
    expect(await status('GET', '/nodes/_temp_view')).toBe(404)
    expect(await status('GET', '/_config')).toBe(404)
  })

  test('connections that break off in the middle of a body, or wait for a feed', async () => {
    const { port } = new URL(store.url)
    const broken = [
      `POST /nodes/_bulk_docs HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nContent-Length: 1000\r\n\r\n{"docs"`,
      `GET /nodes/_changes?feed=longpoll&since=9999&heartbeat=50 HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\n\r\n`,
      'NONSENSE\r\n\r\n',
    ]
    for (const text of broken) {
      await new Promise<void>((resolve) => {
        const socket = connectSocket(Number(port), '127.0.0.1', () => {
          socket.write(text)
          setTimeout(() => socket.destroy(), 150)
        })
        socket.on('close', () => resolve())
        socket.on('error', () => undefined)
      })
    }
  })
})
