import { request } from 'node:http'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { type RunningEdge, startEdge } from '../../support/edge'

let edge: RunningEdge
beforeAll(async () => {
  edge = await startEdge('101', 'http://127.0.0.1:9')
}, 60_000)
afterAll(() => edge.remove())

interface Got {
  status: number | undefined
  headers: NodeJS.Dict<string | string[]>
  body: Buffer
}

/** As it comes over the wire: `fetch` would unpack it. */
function got(path: string, headers: Record<string, string> = {}): Promise<Got> {
  return new Promise((done, failed) => {
    const asking = request(`${edge.url}${path}`, { headers }, async (response) => {
      const chunks = await response.toArray()
      done({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) })
    })
    asking.once('error', failed).end()
  })
}

async function script(): Promise<string> {
  const { body } = await got('/')
  return /src="(\/assets\/index-[^"]+\.js)"/.exec(body.toString())?.[1] ?? ''
}

test.each([
  ['br, gzip', 'br', brotliDecompressSync],
  ['gzip', 'gzip', gunzipSync],
  ['gzip, br;q=0', 'gzip', gunzipSync],
  ['identity', undefined, (bytes: Buffer) => bytes],
])('a browser that takes %s gets the smallest of it, and the same bytes', async (taken, encoding, unpacked) => {
  const path = await script()
  const plain = await got(path)
  const { headers, body } = await got(path, { 'accept-encoding': taken })
  expect(headers['content-encoding']).toBe(encoding)
  expect(headers['content-type']).toMatch(/^text\/javascript/)
  expect(headers['vary']).toMatch(/Accept-Encoding/i)
  expect(headers['cache-control']).toBe('public, max-age=31536000, immutable')
  expect(unpacked(body).equals(plain.body)).toBe(true)
  if (encoding) expect(body.length).toBeLessThan(plain.body.length / 2)
})

test('what is not there is not there in any form', async () => {
  const { status, headers } = await got('/assets/none.js', { 'accept-encoding': 'br' })
  expect([status, headers['content-encoding']]).toEqual([404, undefined])
})

test('the page itself is asked for each time, and sent again only if it is another one', async () => {
  const { headers } = await got('/patients')
  expect(headers['cache-control']).toBe('no-cache')
  const again = await got('/patients', { 'if-none-match': String(headers['etag']) })
  expect([again.status, again.body.length]).toEqual([304, 0])
  expect((await got('/patients', { 'if-none-match': '"another"' })).status).toBe(200)
})
