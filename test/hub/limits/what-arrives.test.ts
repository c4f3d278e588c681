import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { request } from 'undici'
import { askJson, basic } from '../../support/ask'
import { type RunningHub, startHub } from '../../support/hub'
import { type NodeAccount, registerNode } from '../../support/node'

const MIB = 1_024 * 1_024

let hub: RunningHub
let nodes: NodeAccount[]
let node: NodeAccount

beforeAll(async () => {
  hub = await startHub()
  nodes = await Promise.all(['101', '102', '103'].map((externalId) => registerNode(hub, externalId)))
  node = nodes[0] as NodeAccount
}, 60_000)
afterAll(() => hub?.remove())

async function push(
  body: Buffer | string,
  headers: Record<string, string> = {},
  path = '/sync/ehr/_bulk_docs',
  method: 'POST' | 'PUT' = 'POST',
  as = node,
) {
  const answer = await request(`${hub.url}${path}`, {
    method,
    body,
    headers: { authorization: basic(as.nodeName, as.syncPassword), 'content-type': 'application/json', ...headers },
  })
  return { status: answer.statusCode, body: await answer.body.json() }
}

/** Resident memory of the hub's process, in MiB. */
async function memory(): Promise<number> {
  const status = await readFile(`/proc/${hub.pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1_024
}

test('a few megabytes that unpack to gigabytes are refused for the price of the limit', async () => {
  // RFC 1952, section 2.2: members one after the other unpack to one text. 10 MiB of zeros each, a thousand times.
  const bomb = Buffer.concat(new Array<Buffer>(1_000).fill(gzipSync(Buffer.alloc(10 * MIB))))
  const before = await memory()
  const senders = [...nodes, ...nodes, ...nodes].slice(0, 8)
  const answers = await Promise.all(
    senders.map((one) => push(bomb, { 'content-encoding': 'gzip' }, undefined, undefined, one)),
  )
  for (const answer of answers)
    expect(answer).toEqual({ status: 413, body: { error: 'BODY_TOO_LARGE', reason: expect.any(String) } })
  // 80 MiB as they were sent, and four times the limit while four are unpacked at once.
  expect((await memory()) - before).toBeLessThan(350)
  expect((await askJson(`${hub.url}/readyz`, undefined)).status).toBe(200)
})

const deep = `${'['.repeat(500_000)}${']'.repeat(500_000)}`
const manyDocuments = JSON.stringify({
  docs: Array.from({ length: 10_001 }, (_, at) => ({ _id: `101:Location:${at}` })),
})
/** Within every other limit, and many seconds of a parser. */
const manyLists = `{"docs":[],"x":[${'[],'.repeat(10 * MIB)}[]]}`
const brotliBomb = brotliCompressSync(Buffer.alloc(40 * MIB, 0x20), { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } })

test.each<[string, string | Buffer, Record<string, string>, number, string]>([
  [
    'nested half a million levels deep',
    `{"docs":[{"_id":"101:Location:x","resource":${deep}}]}`,
    {},
    400,
    'BODY_TOO_DEEP',
  ],
  ['more documents than a batch has', manyDocuments, {}, 400, 'INVALID_REQUEST'],
  ['lists without end', manyLists, {}, 413, 'BODY_TOO_LARGE'],
  ['a brotli bomb', brotliBomb, { 'content-encoding': 'br' }, 413, 'BODY_TOO_LARGE'],
  [
    'gzip within gzip',
    gzipSync(gzipSync('{"docs":[]}')),
    { 'content-encoding': 'gzip, gzip' },
    415,
    'UNSUPPORTED_MEDIA_TYPE',
  ],
  ['an encoding of no name', '{}', { 'content-encoding': '__proto__' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ['a value where there should be an object', '7', {}, 400, 'INVALID_REQUEST'],
])('%s', async (_what, body, headers, status, error) => {
  for (const path of ['/sync/ehr/_bulk_docs', '/sync/ehr/_revs_diff']) {
    if (body === manyDocuments && path.endsWith('_revs_diff')) continue
    expect(await push(body, headers, path)).toEqual({ status, body: { error, reason: expect.any(String) } })
  }
})

test.each([
  ['a list', deepWithin(30_000, '[', ']')],
  ['objects', deepWithin(10_000, '{"a":', '}')],
])('a checkpoint of %s nested without end', async (_what, body) => {
  expect(await push(body, {}, '/sync/ehr/_local/deep', 'PUT')).toEqual({
    status: 400,
    body: { error: 'BODY_TOO_DEEP', reason: expect.any(String) },
  })
})

function deepWithin(levels: number, open: string, close: string): string {
  return `{"a":${open.repeat(levels)}7${close.repeat(levels)}}`
}

test('answers that somebody asks for and does not take are bounded, and those of others go on', async () => {
  const revisions = Array.from({ length: 40 }, (_, at) => `1-${String(at).padStart(32, '0')}`)
  const foreign = Array.from({ length: 10_000 }, (_, at) => [`999:Location:${at}`, revisions])
  // The answer is as large: of what is another's, all is missing.
  const body = JSON.stringify(Object.fromEntries(foreign))
  const path = '/sync/ehr/_revs_diff'
  const { host, port } = new URL(hub.url)
  const untaken: Socket[] = []
  for (const _time of [1, 2]) {
    const socket = connect(Number(port), '127.0.0.1')
    socket.on('error', () => {})
    const lines = [
      `POST ${path} HTTP/1.1`,
      `Host: ${host}`,
      `Authorization: ${basic(node.nodeName, node.syncPassword)}`,
    ]
    socket.write(`${lines.join('\r\n')}\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
    // Its beginning is there, and nobody reads it.
    await once(socket, 'readable')
    untaken.push(socket)
  }
  expect(await push(body, {}, path)).toMatchObject({ status: 503, body: { error: 'OVERLOADED' } })
  expect((await push(body, {}, path, 'POST', nodes[1])).status).toBe(200)
  for (const socket of untaken) socket.destroy()
  while ((await push(body, {}, path)).status === 503);
})

test('headers without end', async () => {
  const answer = await request(`${hub.url}/healthz`, { headers: { 'x-long': 'x'.repeat(17_000) } })
  expect(answer.statusCode).toBe(431)
  await answer.body.dump()
})

describe('every answer', () => {
  test.each([
    ['of a route', '/healthz', {}],
    ['to whoever may not', '/operator/nodes', {}],
    ['where nothing is', '/nothing', {}],
    ['to a signed route without a signature', '/fhir/Patient/10100000042/$everything', {}],
    ['to an address that is none', '/operator/%ff', {}],
  ])('%s has what protects a browser, and an id of its own', async (_what, path, headers) => {
    const [one, other] = await Promise.all([
      askJson(`${hub.url}${path}`, undefined, { headers }),
      askJson(`${hub.url}${path}`, undefined, { headers: { 'x-request-id': 'mine' } }),
    ])
    expect(one.headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'")
    expect(one.headers.get('x-content-type-options')).toBe('nosniff')
    expect(one.headers.get('x-frame-options')).toBe('DENY')
    expect(one.headers.get('strict-transport-security')).toContain('max-age')
    expect(one.headers.get('x-powered-by')).toBeNull()
    expect(one.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(other.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(other.headers.get('x-request-id')).not.toBe(one.headers.get('x-request-id'))
  })

  test('to a machine has few headers, for each byte is paid', async () => {
    const answer = await askJson(`${hub.url}/sync/ehr`, basic(node.nodeName, node.syncPassword))
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    const text = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join('\r\n')
    expect(text.length).toBeLessThan(300)
  })
})
