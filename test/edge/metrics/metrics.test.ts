import { type RunningEdge, startEdge } from '../../support/edge'

const TOKEN = 'token-of-the-metrics-here'
let edge: RunningEdge

beforeAll(async () => {
  edge = await startEdge('101', 'http://127.0.0.1:9', { EDGE_METRICS_TOKEN: TOKEN })
}, 120_000)
afterAll(() => edge?.remove())

const page = (authorization?: string) =>
  fetch(`${edge.url}/metrics`, authorization === undefined ? {} : { headers: { authorization } })

test.each([
  ['nobody', undefined],
  ['a wrong token', 'Bearer another-token-of-that-kind'],
  ['half a token', `Bearer ${TOKEN.slice(0, 10)}`],
  ['the token as a password', `Basic ${Buffer.from(`metrics:${TOKEN}`).toString('base64')}`],
])('%s reads nothing', async (_who, authorization) => {
  const answer = await page(authorization)
  expect([answer.status, await answer.json()]).toEqual([401, expect.objectContaining({ error: 'UNAUTHENTICATED' })])
})

test('whoever has the token reads how the edge fares, and nothing of anybody', async () => {
  const family = 'Siwabessy'
  const resource = { resourceType: 'Patient', name: [{ family }] }
  const made = await edge.ask('/fhir/Patient', { method: 'POST', body: resource })
  expect(made.status).toBe(201)
  const answer = await page(`Bearer ${TOKEN}`)
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store'])
  const text = await answer.text()
  const lines = text.split('\n')
  expect(lines).toEqual(
    expect.arrayContaining([
      'lontar_edge_backlog_documents{lane="urgent"} 1',
      'lontar_edge_backlog_documents{lane="history"} 0',
      'lontar_edge_refused_documents 0',
      'lontar_edge_sync_state{state="unregistered"} 1',
      'lontar_edge_sync_state{state="idle"} 0',
      'lontar_edge_disk_failed 0',
    ]),
  )
  expect(text).toMatch(/^lontar_edge_oldest_unsent_timestamp_seconds 1\d{9}/m)
  // Never acknowledged, and a clock of a hub that nobody knows.
  expect(text).not.toMatch(/^lontar_edge_(last_acknowledged_timestamp|clock_offset)_seconds /m)
  for (const secret of [family, (made.body as { id: string }).id, TOKEN]) expect(text).not.toContain(secret)
})
