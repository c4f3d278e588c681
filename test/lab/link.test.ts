import { request } from 'undici'
import { type Link, type LinkWeather, startLink } from '../support/link'
import { type ScriptedServer, startScriptedServer } from '../support/scripted-server'

/** The simulator is held to what it says: a fault table is worth as much as the faults in it. */
describe('the link', () => {
  let server: ScriptedServer
  let link: Link
  const open = async (weather: Partial<LinkWeather>) => {
    server = await startScriptedServer(({ body }) => ({ status: 200, body: { echo: body ?? null } }))
    link = await startLink(server.url, weather)
  }
  afterEach(async () => {
    await link.stop()
    await server.stop()
  })
  const post = async (body: unknown) => {
    const startedAt = performance.now()
    const answer = await request(link.url, { method: 'POST', body: JSON.stringify(body), reset: true })
    return { body: await answer.body.json(), ms: performance.now() - startedAt }
  }

  test('carries bytes unchanged and in order, whatever its rate', async () => {
    await open({ roundTripMs: 7, upBitsPerSecond: 20_000_000, downBitsPerSecond: 13_000_000 })
    const body = Array.from({ length: 60_000 }, (_, index) => index)
    expect((await post(body)).body).toEqual({ echo: body })
  })

  test('a new connection costs a round trip, and so does a request', async () => {
    await open({ roundTripMs: 100 })
    expect((await post('hello')).ms).toBeGreaterThanOrEqual(195)
  })

  test('is no faster than its width', async () => {
    await open({ upBitsPerSecond: 800_000 })
    // 50 kB at 100 kB/s.
    expect((await post('x'.repeat(50_000))).ms).toBeGreaterThanOrEqual(450)
    expect(link.traffic().bytesUp).toBeGreaterThan(50_000)
  })

  test.each<[string, Partial<LinkWeather>]>([
    ['refuses', { fault: 'refuse' }],
    ['is cut after some bytes', { cutAfterBytes: 10_000 }],
    ['is cut every so often', { cut: { everyMs: 50, forMs: 50 }, upBitsPerSecond: 80_000 }],
  ])('%s', async (_what, weather) => {
    await open(weather)
    await expect(post('x'.repeat(50_000))).rejects.toThrow()
  })

  test('swallows', async () => {
    await open({ fault: 'swallow' })
    const asking = request(link.url, { headersTimeout: 200 })
    await expect(asking).rejects.toMatchObject({ code: 'UND_ERR_HEADERS_TIMEOUT' })
    expect(server.received).toHaveLength(0)
  })
})
