import { createHash } from 'node:crypto'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { request } from 'undici'
import { openApiOf } from '../../schemas/openapi'
import { described } from '../../scripts/build-openapi'
import { freePort } from '../support/ask'
import { type RunningEdge, startEdge } from '../support/edge'
import { type RunningHub, startHub } from '../support/hub'
import { problemsOf, targetOf } from './openapi-rules'

type Json = Record<string, unknown>

describe.each([
  ['hub', 'docs/openapi.yaml'],
  ['edge', 'docs/openapi-edge.yaml'],
] as const)('the description of the %s', (program, file) => {
  const document = () => JSON.parse(openApiOf(program)) as Json

  test('is what the page says, and needs no other file', () => {
    expect(document()).toEqual(JSON.parse(JSON.stringify(described(file))))
  })

  test('is valid OpenAPI 3.1', () => {
    expect(problemsOf(document())).toEqual([])
  })

  test.each<[string, (document: Json) => void, string]>([
    ['a reference that leads nowhere', (d) => at(d, '#/components/schemas').delete('ErrorBody'), 'leads nowhere'],
    [
      'a reference to another file',
      (d) => at(d, '#/components/schemas').set('X', { $ref: './x.json' }),
      'x.json leads',
    ],
    [
      'an operation twice',
      (d) => at(d, '#/paths/~1readyz/get').set('operationId', `${program}Health`),
      'another operation',
    ],
    ['an operation without a name', (d) => at(d, '#/paths/~1readyz/get').delete('operationId'), 'is missing'],
    ['a field that there isn’t', (d) => at(d, '#/paths/~1readyz/get').set('respones', {}), 'no field of Operation'],
    ['a response without a description', (d) => at(d, '#/components/responses/Ok').delete('description'), 'missing'],
    ['a schema that is none', (d) => at(d, '#/components/schemas').set('X', { type: 'text' }), 'no JSON Schema'],
    ['a scheme that there isn’t', (d) => at(d, '#/paths/~1readyz/get').set('security', [{ x: [] }]), 'there is no x'],
    [
      'a path parameter that is not told',
      (d) => at(d, '#/paths').set('/x/{y}', at(d, '#/paths').get('/healthz')),
      'other',
    ],
    ['another version', (d) => at(d, '#').set('openapi', '3.0.3'), 'is not 3.1'],
  ])('would not be with %s', (_what, spoil, named) => {
    const spoilt = document()
    spoil(spoilt)
    expect(problemsOf(spoilt).join('\n')).toContain(named)
  })
})

function at(document: Json, pointer: string) {
  const object = targetOf(document, pointer) as Json
  return {
    get: (name: string) => object[name],
    set: (name: string, value: unknown) => {
      object[name] = value
    },
    delete: (name: string) => {
      delete object[name]
    },
  }
}

describe('GET /openapi.json', () => {
  let hub: RunningHub
  let edge: RunningEdge
  beforeAll(async () => {
    hub = await startHub()
    edge = await startEdge('101', `http://127.0.0.1:${await freePort()}`)
  }, 120_000)
  afterAll(async () => {
    await edge?.remove()
    await hub?.remove()
  })
  const urlOf = (program: 'hub' | 'edge') => (program === 'hub' ? hub : edge).url

  test.each(['hub', 'edge'] as const)(
    'the %s says what it understands, once to each who remembers it',
    async (program) => {
      const address = `${urlOf(program)}/openapi.json`
      const answer = await fetch(address, { headers: { 'accept-encoding': 'identity' } })
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8'])
      expect(await answer.json()).toEqual(JSON.parse(openApiOf(program)))
      const tag = answer.headers.get('etag') ?? ''
      expect(tag).toMatch(/^W\/"[\w-]+"$/)
      const again = await fetch(address, { headers: { 'if-none-match': `"other", ${tag}` } })
      expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', tag])
      expect((await fetch(address, { headers: { 'if-none-match': '"other"' } })).status).toBe(200)
    },
  )

  test.each([
    ['gzip', gunzipSync],
    ['br', brotliDecompressSync],
  ] as const)('packed with %s it is the same', async (encoding, unpack) => {
    for (const _time of ['first', 'second']) {
      const answer = await request(`${hub.url}/openapi.json`, { headers: { 'accept-encoding': encoding } })
      expect(answer.headers['content-encoding']).toBe(encoding)
      const text = unpack(Buffer.from(await answer.body.arrayBuffer())).toString()
      expect(digest(text)).toBe(digest(openApiOf('hub')))
    }
  })
})

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
