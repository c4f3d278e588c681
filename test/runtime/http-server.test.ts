import http, { Agent, request } from 'node:http'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import { closeApp, type HttpServer, listen, openApp } from '../../runtime/http-server'
import type { Log } from '../../runtime/log'
import type { Refusal } from '../../runtime/refusal'

const at = { host: '127.0.0.1', port: 0, setting: 'HUB_PORT' }
let lines: Record<string, unknown>[]
let log: Log
let server: HttpServer | undefined

beforeEach(() => {
  lines = []
  const write = (chunk: Buffer, _encoding: string, done: () => void) => {
    lines.push(JSON.parse(chunk.toString()))
    done()
  }
  log = pino({ level: 'debug' }, new Writable({ write }))
})
afterEach(() => server?.stop())

async function serve(refusal: Refusal, before: (app: ReturnType<typeof openApp>) => void = () => undefined) {
  const app = openApp(log)
  before(app)
  closeApp(
    app,
    log,
    () => refusal,
    () => new Error('nothing here'),
  )
  server = await listen(app, at)
  return server.url
}

test('what no route takes is refused', async () => {
  const url = await serve({ status: 404, body: { error: 'NOT_FOUND' } })
  const answer = await fetch(`${url}/x`)
  expect([answer.status, await answer.json()]).toEqual([404, { error: 'NOT_FOUND' }])
})

test('law 10: a line of the access log holds no MRN and no query', async () => {
  const url = await serve({ status: 404, body: {} })
  await fetch(`${url}/fhir/Patient/10100000042/$everything?name=Budi`)
  await fetch(`${url}/fhir/Patient/%31%30%31%30%30%30%30%30%30%34%32?birthdate=1980-01-01`)
  expect(lines).toHaveLength(2)
  expect(JSON.stringify(lines)).not.toMatch(/10100000042|%31%30|Budi|1980/)
})

test('a fault is logged under its id; the lack of another program is a warning', async () => {
  await fetch(await serve({ status: 500, body: {}, fault: new Error('bug'), faultId: 'f-1' }))
  await server?.stop()
  await fetch(await serve({ status: 503, body: {}, lack: new Error('connect ECONNREFUSED') }))
  expect(lines.filter(({ level }) => Number(level) > 20)).toEqual([
    expect.objectContaining({ level: 50, faultId: 'f-1', err: expect.objectContaining({ message: 'bug' }) }),
    expect.objectContaining({ level: 40, err: expect.objectContaining({ message: 'connect ECONNREFUSED' }) }),
  ])
})

test('a header that the route has set stands', async () => {
  const url = await serve({ status: 429, body: {}, headers: { 'Retry-After': '5', 'X-Other': 'yes' } }, (app) =>
    app.use((_request, response, next) => {
      response.setHeader('Retry-After', '3600')
      next(new Error('refused'))
    }),
  )
  const { headers } = await fetch(url)
  expect([headers.get('retry-after'), headers.get('x-other')]).toEqual(['3600', 'yes'])
})

test('a port that is taken, and a host that is not this machine’s, are said by the name of the setting', async () => {
  const taken = Number(new URL(await serve({ status: 404, body: {} })).port)
  await expect(listen(openApp(log), { ...at, port: taken })).rejects.toThrow(/Set HUB_PORT to a free one/)
  await expect(listen(openApp(log), { ...at, host: '203.0.113.9' })).rejects.toThrow(/203\.0\.113\.9.*HUB_PORT/)
})

test('stopping waits for the request under way and for no idle connection', async () => {
  let release = (): void => undefined
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  let arrived = (): void => undefined
  const asked = new Promise<void>((resolve) => {
    arrived = resolve
  })
  const url = await serve({ status: 404, body: {} }, (app) =>
    app.get('/slow', async (_request, response) => {
      arrived()
      await held
      response.end('done')
    }),
  )
  const agent = new Agent({ keepAlive: true })
  const get = (path: string) =>
    new Promise<number>((resolve, reject) => {
      request(`${url}${path}`, { agent }, (response) => {
        response.resume().once('end', () => resolve(response.statusCode ?? 0))
      })
        .once('error', reject)
        .end()
    })
  await get('/idle')
  const slow = get('/slow')
  await asked
  const startedAt = performance.now()
  const stopped = server?.stop()
  release()
  expect(await slow).toBe(200)
  await stopped
  expect(performance.now() - startedAt).toBeLessThan(3_000)
  agent.destroy()
})

test('a body may take an hour to arrive, and headers may not', async () => {
  const created = jest.spyOn(http, 'createServer')
  await serve({ status: 404, body: {} })
  expect(created.mock.results[0]?.value).toMatchObject({ requestTimeout: 3_600_000, headersTimeout: 80_000 })
  created.mockRestore()
})
