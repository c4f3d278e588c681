import { StatusStream } from '../../../edge/status/status-stream'
import { watchStatus } from '../../../edge/status/watch-status'
import { codedErrorOf } from '../../../protocol/coded-error-of'
import { CodedError } from '../../../protocol/error-codes'
import { closeApp, type HttpServer, listen, openApp } from '../../../runtime/http-server'
import { createLog } from '../../../runtime/log'
import type { EdgeStatus } from '../../../schemas/generated/types'
import { askJson } from '../../support/ask'
import { until } from '../../support/processes'

const log = createLog('edge', 'silent')
let status: EdgeStatus
let asked: number
let server: HttpServer
let stream: StatusStream
/** Looks as often as the other one: what waits for it waits for an event. */
let clock: StatusStream
let ticks: number

beforeEach(async () => {
  asked = 0
  status = statusWith(0)
  stream = new StatusStream(
    async () => {
      asked++
      return status
    },
    log,
    () => true,
    ({ query }) => String(query['of'] ?? ''),
  )
  ticks = 0
  clock = new StatusStream(async () => {
    ticks++
    return status
  }, log)
  const app = openApp(log)
  app.get('/status/stream', (request, response) => stream.listen(request, response))
  app.get('/clock/status/stream', (request, response) => clock.listen(request, response))
  const refused = (error: unknown) => codedErrorOf(error) ?? new CodedError('INTERNAL', String(error))
  closeApp(
    app,
    log,
    (error) => ({ status: refused(error).status, body: refused(error).body }),
    () => new CodedError('NOT_FOUND', 'There is nothing here.'),
  )
  server = await listen(app, { host: '127.0.0.1', port: 0, setting: 'EDGE_PORT' })
})
afterEach(async () => {
  await stream.stop()
  await clock.stop()
  await server.stop()
})

function statusWith(pendingDocuments: number): EdgeStatus {
  return {
    externalId: '101',
    registration: { status: 'accepted' },
    dataAccess: { status: 'none' },
    sync: {
      state: 'pushing',
      pendingDocuments,
      pendingBytes: 0,
      oldestPendingAt: null,
      lanes: { urgent: 0, history: pendingDocuments },
      refusedDocuments: 0,
      lastAcknowledgedAt: null,
      bytesSent: 0,
      bytesPerSecond: 0,
      estimatedSeconds: null,
      bytesToday: 0,
    },
  }
}

/** Watches, and keeps what it saw with when. */
function watch(url = server.url) {
  const ending = new AbortController()
  const seen: { status: EdgeStatus | undefined; atMs: number }[] = []
  const done = (async () => {
    for await (const one of watchStatus(url, ending.signal)) seen.push({ status: one, atMs: performance.now() })
  })()
  return {
    seen,
    counts: () => seen.flatMap((one) => one.status?.sync.pendingDocuments ?? []),
    end: async () => {
      ending.abort()
      await done
    },
  }
}

test('tells at once, then what changes, twice a second at most, and nothing twice', async () => {
  const watching = watch()
  await until('the first', async () => watching.counts().length === 1)
  for (let count = 1; watching.counts().length < 4; count++) {
    status = statusWith(count)
    await new Promise((next) => setTimeout(next, 5))
  }
  const last = status.sync.pendingDocuments
  await until('the last', async () => watching.counts().at(-1) === last)
  const asks = asked
  await until('it has looked again', async () => asked > asks + 2)
  const counts = watching.counts()
  expect(counts).toEqual([...new Set(counts)])
  const gaps = watching.seen.slice(2).map(({ atMs }, index) => atMs - (watching.seen[index + 1]?.atMs ?? 0))
  expect(Math.min(...gaps)).toBeGreaterThan(400)
  await watching.end()
})

test('looks at nothing while nobody listens', async () => {
  const watching = watch()
  await until('the first', async () => watching.counts().length === 1)
  await watching.end()
  const ticking = watch(`${server.url}/clock`)
  await until('it rests', async () => {
    const [asksBefore, ticksBefore] = [asked, ticks]
    await until('the clock ticks', async () => ticks > ticksBefore + 2)
    return asked === asksBefore
  })
  await ticking.end()
})

test('refuses more listeners than it can serve, and takes one when another has gone', async () => {
  const watching = Array.from({ length: 8 }, () => watch())
  await until('all listen', async () => watching.every(({ seen }) => seen.length > 0))
  const refused = await askJson(`${server.url}/status/stream`, undefined)
  expect(refused).toMatchObject({ status: 503, body: { error: 'OVERLOADED' } })
  expect(refused.headers.get('retry-after')).toBe('10')
  // One that opens many takes none from the others.
  const others = await Promise.all(Array.from({ length: 56 }, (_, at) => fetch(`${server.url}/status/stream?of=${at}`)))
  expect(others.map(({ status }) => status)).toEqual(others.map(() => 200))
  expect((await fetch(`${server.url}/status/stream?of=one+more`)).status).toBe(503)
  await Promise.all(others.map(({ body }) => body?.cancel()))
  await watching.pop()?.end()
  const late = watch()
  await until('it listens', async () => late.counts().length > 0)
  await Promise.all([...watching, late].map(({ end }) => end()))
})

test('ends when the edge stops, at once, and is told of where it comes back', async () => {
  const watching = watch()
  await until('the first', async () => watching.counts().length === 1)
  const startedAt = performance.now()
  await stream.stop()
  await server.stop()
  expect(performance.now() - startedAt).toBeLessThan(2_000)
  await until('it is said', async () => watching.seen.at(-1)?.status === undefined && watching.seen.length > 1)
  await watching.end()
})
