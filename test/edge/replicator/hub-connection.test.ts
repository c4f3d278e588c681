import { createHash } from 'node:crypto'
import { HubConnection } from '../../../edge/replicator/hub-connection'
import { Pacer } from '../../../edge/replicator/pacer'
import { ContentRefused, PushFailure } from '../../../edge/replicator/push-failure'
import { startCountingProxy } from '../../support/counting-proxy'
import { until } from '../../support/processes'
import { type ScriptedAnswer, type ScriptedServer, startScriptedServer } from '../../support/scripted-server'

const never = new AbortController().signal
let server: ScriptedServer
let answer: ScriptedAnswer
let hub: HubConnection
let sent = 0

beforeAll(async () => {
  server = await startScriptedServer(() => answer)
})
beforeEach(() => {
  sent = 0
  const access = { syncUrl: `${server.url}/sync/ehr`, nodeName: 'node-101', syncPassword: 'secret' }
  hub = new HubConnection(access, (bytes) => {
    sent += bytes
  })
})
afterEach(() => hub.close())
afterAll(() => server.stop())

const LOGIN_PAGE = { text: '<html>Welcome to Airport Wi-Fi</html>', headers: { 'content-type': 'text/html' } }

describe('what an answer means', () => {
  test.each<[string, string, ScriptedAnswer]>([
    ['a login page with 200', 'not-a-hub', { status: 200, ...LOGIN_PAGE }],
    ['a redirect to a login page', 'not-a-hub', { status: 302, headers: { location: 'http://portal.example' } }],
    ['511 Network Authentication Required', 'not-a-hub', { status: 511, ...LOGIN_PAGE }],
    ['a 401 that is not the hub’s', 'not-a-hub', { status: 401, ...LOGIN_PAGE }],
    ['a 403 of a proxy, in JSON', 'not-a-hub', { status: 403, body: { message: 'blocked' } }],
    ['a 502 of a proxy', 'overloaded', { status: 502, ...LOGIN_PAGE }],
    ['401', 'unauthorized', { status: 401, body: { error: 'UNAUTHENTICATED', reason: '' } }],
    ['403', 'unauthorized', { status: 403, body: { error: 'FORBIDDEN', reason: '' } }],
    ['403 suspended', 'suspended', { status: 403, body: { error: 'NODE_SUSPENDED', reason: '' } }],
    ['429', 'overloaded', { status: 429, body: { error: 'OVERLOADED', reason: '' } }],
    ['503', 'overloaded', { status: 503, body: { error: 'OVERLOADED', reason: '' } }],
    ['500', 'hub-fault', { status: 500, body: { error: 'INTERNAL', reason: '' } }],
    ['a connection that is cut', 'unreachable', 'cut'],
  ])('%s is %s', async (_what, kind, given) => {
    answer = given
    const failure = await hub.ask('GET', '/_local/x', undefined, never).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(PushFailure)
    expect(failure).toMatchObject({ kind })
  })

  test.each([400, 413, 415, 422])('R15: %s is about the body', async (status) => {
    answer = { status, body: { error: 'BODY_TOO_LARGE', reason: 'too large' } }
    await expect(hub.ask('POST', '/_bulk_docs', '{}', never)).rejects.toBeInstanceOf(ContentRefused)
    // A checkpoint can't be halved: then it is no fault of the edge.
    await expect(hub.ask('PUT', '/_local/x', '{}', never)).rejects.toMatchObject({ kind: 'hub-fault' })
  })

  test('Retry-After is kept, in milliseconds', async () => {
    answer = { status: 503, body: { error: 'OVERLOADED', reason: '' }, headers: { 'retry-after': '7' } }
    await expect(hub.ask('GET', '', undefined, never)).rejects.toMatchObject({ retryAfterMs: 7_000 })
  })

  test.each([200, 201, 404, 409])('%s goes to the caller', async (status) => {
    answer = { status, body: { ok: true } }
    expect(await hub.ask('GET', '', undefined, never)).toEqual({ status, body: { ok: true } })
  })

  test('R13: a connection that brings nothing is given up', async () => {
    answer = 'hang'
    const access = { syncUrl: `${server.url}/sync/ehr`, nodeName: 'node-101', syncPassword: 'secret' }
    const patient = new HubConnection(access, () => undefined, { silenceMs: 100, slowestBytesPerSecond: 1_000_000 })
    await expect(patient.ask('GET', '', undefined, never)).rejects.toMatchObject({ kind: 'unreachable' })
    await patient.close()
  })

  test('nobody listens', async () => {
    const access = { syncUrl: 'http://127.0.0.1:9/sync/ehr', nodeName: 'node-101', syncPassword: 'secret' }
    const lost = new HubConnection(access, () => undefined)
    await expect(lost.ask('GET', '', undefined, never)).rejects.toMatchObject({ kind: 'unreachable' })
    await lost.close()
  })

  test('a stop ends a request that hangs', async () => {
    answer = 'hang'
    const stopper = new AbortController()
    const asking = hub.ask('GET', '', undefined, stopper.signal)
    setImmediate(() => stopper.abort())
    await expect(asking).rejects.toMatchObject({ name: 'AbortError' })
  })
})

describe('what goes over the wire', () => {
  test('R20: a peer that does not take brotli gets gzip, and is not asked again', async () => {
    const strict = await startScriptedServer(({ headers }) =>
      headers['content-encoding'] === 'br'
        ? { status: 415, body: { error: 'bad_content_type', reason: 'br' } }
        : { status: 201, body: [] },
    )
    const peer = new HubConnection(
      { syncUrl: strict.url, nodeName: 'node-101', syncPassword: 'secret' },
      () => undefined,
    )
    const body = JSON.stringify({ docs: ['x'.repeat(5_000)] })
    await peer.ask('POST', '/_bulk_docs', body, never)
    await peer.ask('POST', '/_bulk_docs', body, never)
    expect(strict.received.map(({ headers }) => headers['content-encoding'])).toEqual(['br', 'gzip', 'gzip'])
    expect(JSON.stringify(strict.received.at(-1)?.body)).toBe(body)
    await peer.close()
    await strict.stop()
  })

  test('bodies are compressed, counted, and arrive whole over one connection', async () => {
    answer = { status: 201, body: [] }
    const before = server.connections()
    const body = JSON.stringify({
      docs: Array.from({ length: 200 }, (_, index) => ({ _id: `101${index}`, text: 'observation' })),
    })
    for (let round = 0; round < 5; round++) await hub.ask('POST', '/_bulk_docs', body, never)
    const last = server.received.at(-1)
    expect(last?.headers['content-encoding']).toBe('br')
    expect(JSON.stringify(last?.body)).toBe(body)
    expect(sent).toBeLessThan((body.length * 5) / 4)
    expect(server.connections() - before).toBe(1)
  })
})

describe('R26: a connection under a data budget', () => {
  test('keeps to a speed, which is no silence, and counts what passes in both directions', async () => {
    const proxy = await startCountingProxy(server.url, '/')
    answer = { status: 200, body: { ok: true } }
    const pacer = new Pacer()
    pacer.bytesPerSecond = 40_000
    let counted = 0
    const wire = {
      pieceBytes: pacer.pieceBytes,
      pace: (bytes: number, signal: AbortSignal) => pacer.pace(bytes, signal),
      count: (bytes: number) => {
        counted += bytes
      },
    }
    const limits = { silenceMs: 600, slowestBytesPerSecond: 1_000_000 }
    const access = { syncUrl: `${proxy.url}/sync/ehr`, nodeName: 'node-101', syncPassword: 'secret' }
    const paced = new HubConnection(access, () => undefined, limits, wire)
    const startedAt = performance.now()
    const noise = Array.from({ length: 1_000 }, (_, index) => createHash('sha256').update(`${index}`).digest('hex'))
    await paced.ask('POST', '/_bulk_docs', JSON.stringify(noise), never)
    const took = performance.now() - startedAt
    // 64,000 hex digits pack to a little more than 32,000 bytes.
    expect(took).toBeGreaterThan(500)
    await paced.ask(
      'POST',
      '/_bulk_docs',
      JSON.stringify([...noise, ...noise.map((one) => one.split('').reverse())]),
      never,
    )
    await paced.ask('GET', '', undefined, never)
    await paced.close()
    await until('all is counted', async () => counted === proxy.traffic().bytes)
    expect(proxy.traffic().connections).toBe(1)
    await proxy.stop()
  })
})
