import { connect } from '../../../hub/couch/connect'
import { databaseOf } from '../../../hub/nodes/couch-nodes'
import { DAYS_KEPT, KeptReports } from '../../../hub/nodes/reports/kept-reports'
import { removeOldDays } from '../../../hub/nodes/reports/old-days'
import { encodeReport } from '../../../protocol/node-report'
import type { NodeDetail, NodeList, NodeReport, NodeSeries } from '../../../schemas/generated/types'
import { basic } from '../../support/ask'
import { startCouch, type TestCouch } from '../../support/couch'
import { TestFacility } from '../../support/facility'
import { type Gateway, startGateway } from '../../support/gateway'
import { until } from '../../support/processes'

const DAY_MS = 24 * 3_600_000
let store: TestCouch
let hub: Gateway
let other: Gateway
let couch: ReturnType<typeof connect>
let nowMs = Date.parse('2026-11-23T07:41:03.120Z')
const outcomes: string[] = []
const facility = new TestFacility('R01')
let password = ''

beforeAll(async () => {
  store = await startCouch()
  const options = { now: () => new Date(nowMs), reported: (outcome: string) => void outcomes.push(outcome) }
  hub = await startGateway(store, options)
  other = await startGateway(store, options)
  couch = connect(store.address)
  password = await facility.join(hub)
}, 60_000)
afterAll(async () => {
  await hub?.stop()
  await other?.stop()
  await couch?.stop()
  await store?.stop()
})

const said = (backlogDocuments: number): Omit<NodeReport, 'at'> => ({
  version: '0.1.0',
  syncState: 'pushing',
  backlogDocuments,
  backlogBytes: backlogDocuments * 900,
  ...(backlogDocuments > 0 && { oldestUnsentAt: new Date(Math.floor(nowMs / 1_000) * 1_000 - 60_000).toISOString() }),
  refusedDocuments: 0,
  bytesToday: 7,
  uptimeSeconds: 60,
})
const ask = (gateway: Gateway, header: string, more: Record<string, string> = {}) =>
  gateway.ask('/node/configuration', {
    authorization: basic(facility.nodeName, password),
    headers: { 'Lontar-Report': header, ...more },
  })
/** Asks with a report, and waits until the hub has done with it. */
async function report(gateway: Gateway, header: string): Promise<string> {
  const before = outcomes.length
  expect((await ask(gateway, header)).status).toBe(200)
  await until('the report is noted', async () => outcomes.length > before)
  return outcomes.at(-1) ?? ''
}
const listed = async () => {
  const { nodes } = (await hub.operator('/operator/nodes')).body as NodeList
  return nodes.find(({ nodeName }) => nodeName === facility.nodeName)
}
const series = async (query = '') =>
  (await hub.operator(`/operator/nodes/${facility.nodeName}/series${query}`)).body as NodeSeries

describe('what an edge reports', () => {
  test.each(['', 'no dictionary at all {', 'v="0.1.0"', 'x'.repeat(2_000)])(
    'is passed over where it is malformed: %p',
    async (header) => {
      nowMs += 60_000
      if (header !== '') expect(await report(hub, header)).toBe('malformed')
      else expect((await ask(hub, header)).status).toBe(200)
      expect((await listed())?.report).toBeUndefined()
    },
  )

  test('is in the list and on the page of the node, with the moment when it came', async () => {
    nowMs += 60_000
    const given = said(42)
    expect(await report(hub, encodeReport(given))).toBe('kept')
    expect((await listed())?.report).toEqual({ ...given, at: new Date(nowMs).toISOString() })
    const detail = (await hub.operator(`/operator/nodes/${facility.nodeName}`)).body as NodeDetail
    expect(detail.report).toEqual((await listed())?.report)
    expect(detail.configuration).toMatchObject({ version: 1, by: 'operator', sync: {} })
  })

  test('leaves the answer what it was: 304, without a body', async () => {
    const { headers } = await ask(hub, encodeReport(said(1)))
    const etag = headers.get('etag') ?? ''
    const again = await ask(hub, encodeReport(said(2)), { 'If-None-Match': etag })
    expect([again.status, again.headers.get('etag')]).toEqual([304, etag])
  })

  test('at two gateways is the newest of both, and one point an hour, whichever heard it', async () => {
    nowMs = Date.parse('2026-11-23T08:00:10.000Z')
    await report(hub, encodeReport(said(10)))
    nowMs += 60_000
    await report(other, encodeReport(said(20)))
    nowMs = Date.parse('2026-11-23T09:59:00.000Z')
    await report(other, encodeReport(said(30)))
    nowMs += 60_000
    await report(hub, encodeReport(said(0)))
    expect((await listed())?.report?.backlogDocuments).toBe(0)
    const { series: points } = await series('?from=2026-11-23T08:00:00Z')
    expect(points.map(({ hour, backlogDocuments }) => [hour.slice(11, 13), backlogDocuments])).toEqual([
      ['08', 10],
      ['09', 30],
      ['10', 0],
    ])
    expect(points[0]).toMatchObject({ oldestUnsentSeconds: 60 })
    expect(points[2]).not.toHaveProperty('oldestUnsentSeconds')
  })

  test('written by many gateways at one moment loses no hour and no registration', async () => {
    const nodes = couch.database('nodes')
    const before = await nodes.get('node-R01')
    const all = Array.from({ length: 8 }, () => new KeptReports(databaseOf(nodes), nodes, () => undefined))
    const at = (hour: number) => `2026-12-01T${String(hour).padStart(2, '0')}:30:00.000Z`
    await Promise.all(all.map((gateway, hour) => gateway.keep('node-R01', { at: at(hour), ...said(hour) })))
    const points = await all[0]?.series('node-R01', at(0), at(23))
    // Each has seen the newest of another hour, or none: the one that was last of all is the newest.
    expect(points?.map(({ backlogDocuments }) => backlogDocuments)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect((await all[0]?.of('node-R01'))?.at).toBe(at(7))
    expect(await nodes.get('node-R01')).toEqual(before)
  })

  test('does not take the place of a newer one that another gateway heard', async () => {
    const nodes = couch.database('nodes')
    const reports = new KeptReports(databaseOf(nodes), nodes, () => undefined)
    await reports.keep('node-R02', { at: '2026-12-02T10:00:00.000Z', ...said(2) })
    await reports.keep('node-R02', { at: '2026-12-02T09:59:00.000Z', ...said(1) })
    expect((await reports.of('node-R02'))?.backlogDocuments).toBe(2)
  })
})

describe('GET /operator/nodes/{nodeName}/series', () => {
  test.each(['?from=yesterday', '?from=2026-11-24&to=2026-11-23', '?from=2026-01-01&to=2026-11-23', '?hours=7'])(
    'refuses %s',
    async (query) => {
      const { status, body } = await hub.operator(`/operator/nodes/${facility.nodeName}/series${query}`)
      expect([status, body]).toEqual([400, expect.objectContaining({ error: 'INVALID_REQUEST' })])
    },
  )

  test('knows no node that was not accepted', async () => {
    for (const path of ['', '/series']) {
      expect(await hub.operator(`/operator/nodes/node-R99${path}`)).toMatchObject({ status: 404 })
    }
  })
})

describe('days that are past', () => {
  test('are removed, a bounded number at a time, and what is kept stays', async () => {
    const nodes = couch.database('nodes')
    const reports = new KeptReports(databaseOf(nodes), nodes, () => undefined)
    const now = new Date('2027-06-30T12:00:00.000Z')
    const daysAgo = (days: number) => new Date(now.getTime() - days * DAY_MS).toISOString()
    for (const days of [0, DAYS_KEPT, DAYS_KEPT + 1, DAYS_KEPT + 2, DAYS_KEPT + 3]) {
      await reports.keep('node-R03', { at: daysAgo(days), ...said(days) })
    }
    // Of this test and of those before it.
    const before = (await nodes.allDocs({ startkey: 'series:', endkey: 'series:~' })).length
    expect(await removeOldDays(nodes, now, 2)).toBe(2)
    expect((await nodes.allDocs({ startkey: 'series:', endkey: 'series:~' })).length).toBe(before - 2)
    await Promise.all([removeOldDays(nodes, now), removeOldDays(nodes, now)])
    await removeOldDays(nodes, now)
    const kept = await reports.series('node-R03', daysAgo(200), daysAgo(0))
    expect(kept.map(({ backlogDocuments }) => backlogDocuments)).toEqual([DAYS_KEPT, 0])
    expect(await removeOldDays(nodes, now)).toBe(0)
  })
})
