import { Registry } from 'prom-client'
import { FacilityGauges } from '../../../hub/metrics/facility-gauges'
import type { NodeSummary } from '../../../schemas/generated/types'

const AT = '2026-11-23T07:41:03.120Z'
const SECONDS = Date.parse(AT) / 1_000
const node = (externalId: string, more: Partial<NodeSummary> = {}): NodeSummary => ({
  nodeName: `node-${externalId}`,
  externalId,
  name: 'RSUD Saumlaki',
  registrationId: 'abcdefgh',
  state: 'active',
  acceptedAt: AT,
  configurationVersion: 1,
  dataAccess: { status: 'none' },
  refusedDocuments: 0,
  ...more,
})
const report = {
  at: AT,
  version: '0.1.0',
  syncState: 'pushing',
  backlogDocuments: 42,
  backlogBytes: 118_034,
  oldestUnsentAt: AT,
  refusedDocuments: 1,
  bytesToday: 7,
  clockOffsetMs: -240,
  freeDiskBytes: 8_000_000_000,
  uptimeSeconds: 60,
}

function gauges(list: () => Promise<readonly NodeSummary[]>) {
  const registry = new Registry()
  let nowMs = 0
  const of = new FacilityGauges(registry, list, () => nowMs, 50)
  return {
    later: (ms: number) => {
      nowMs += ms
    },
    async lines(): Promise<string[]> {
      await of.refresh()
      return (await registry.metrics()).split('\n').filter((line) => line.startsWith('lontar_'))
    },
    text: () => registry.metrics(),
  }
}

describe('the gauges of the facilities', () => {
  test('are absent, and not old, where nobody could look; and are there again after', async () => {
    let isBroken = false
    const { lines, later } = gauges(async () => {
      if (isBroken) throw new Error('no database')
      return [node('101')]
    })
    expect(await lines()).toContain('lontar_facilities{state="active"} 1')
    isBroken = true
    later(10_000)
    expect(await lines()).toEqual([])
    isBroken = false
    expect(await lines()).toContain('lontar_facility_refused_documents{facility="101"} 0')
  })

  test('are absent where the database hangs, which nobody waits for, and come once it answers', async () => {
    let answer: (nodes: NodeSummary[]) => void = () => {}
    let hung: Promise<NodeSummary[]> | undefined
    const { lines, later } = gauges(() => hung ?? Promise.resolve([node('101')]))
    expect(await lines()).toContain('lontar_facilities{state="active"} 1')
    hung = new Promise((resolve) => {
      answer = resolve
    })
    later(10_000)
    expect(await lines()).toEqual([])
    answer([node('101'), node('102')])
    expect(await lines()).toContain('lontar_facilities{state="active"} 2')
  })

  test('say what each has reported, in the units of Prometheus, and nothing of what nobody knows', async () => {
    const { lines } = gauges(async () => [
      node('101', { report, lastSeenAt: AT, refusedDocuments: 3 }),
      node('102', { state: 'suspended' }),
    ])
    const all = await lines()
    expect(all.filter((line) => line.includes('facility="101"')).sort()).toEqual([
      'lontar_facility_backlog_bytes{facility="101"} 118034',
      'lontar_facility_backlog_documents{facility="101"} 42',
      'lontar_facility_clock_offset_seconds{facility="101"} -0.24',
      'lontar_facility_free_disk_bytes{facility="101"} 8000000000',
      `lontar_facility_last_seen_timestamp_seconds{facility="101"} ${SECONDS}`,
      `lontar_facility_oldest_unsent_timestamp_seconds{facility="101"} ${SECONDS}`,
      'lontar_facility_refused_documents{facility="101"} 3',
      `lontar_facility_reported_timestamp_seconds{facility="101"} ${SECONDS}`,
      'lontar_facility_suspended{facility="101"} 0',
    ])
    expect(all.filter((line) => line.includes('facility="102"'))).toEqual([
      'lontar_facility_suspended{facility="102"} 1',
      'lontar_facility_refused_documents{facility="102"} 0',
    ])
    expect(all.join()).not.toContain('Saumlaki')
  })

  test('cost one look for many scrapes, and forget a facility that is gone', async () => {
    let looks = 0
    let nodes = [node('101'), node('102')]
    const { lines, later } = gauges(async () => {
      looks++
      return nodes
    })
    await Promise.all([lines(), lines(), lines()])
    later(9_999)
    await lines()
    expect(looks).toBe(1)
    nodes = [node('102')]
    later(1)
    expect((await lines()).some((line) => line.includes('"101"'))).toBe(false)
    expect(looks).toBe(2)
  })
})
