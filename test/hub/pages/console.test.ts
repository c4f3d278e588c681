import { type RunningHub, startHub } from '../../support/hub'

let hub: RunningHub
beforeAll(async () => {
  hub = await startHub()
}, 60_000)
afterAll(() => hub?.remove())

const get = (path: string, method = 'GET') => fetch(`${hub.url}${path}`, { method, redirect: 'manual' })

test.each(['/console', '/console/', '/console/today', '/console/facilities/node-101', '/console/audit/chains'])(
  '%s is the page, which may load and ask nothing but the hub',
  async (path) => {
    const answer = await get(path)
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-cache'])
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none';script-src 'self'")
    expect(await answer.text()).toContain('<div id="root">')
  },
)

test('what the page loads is kept for a year, and comes from below /console', async () => {
  const page = await (await get('/console')).text()
  const loaded = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path)
  expect(loaded.length).toBeGreaterThan(1)
  for (const path of loaded) {
    expect(path).toMatch(/^\/console\/assets\/[\w.-]+$/)
    const answer = await get(path)
    expect([path, answer.status, answer.headers.get('cache-control')]).toEqual([
      path,
      200,
      expect.stringMatching(/max-age=31536000.*immutable/),
    ])
  }
})

test.each([
  ['GET', '/console/nothing'],
  ['GET', '/console/assets/none.js'],
  ['GET', '/console/assets/../index.html'],
  ['GET', '/console/assets/%2e%2e/index.html'],
  ['GET', '/CONSOLE/today'],
  ['POST', '/console/today'],
])('%s %s is not there', async (method, path) => {
  const answer = await get(path, method)
  expect([answer.status, (await answer.json()) as unknown]).toEqual([
    404,
    expect.objectContaining({ error: 'NOT_FOUND' }),
  ])
})
