import { type Known, LIMITS, tasksOf } from '../../../hub/today/tasks'
import type { NodeReport, NodeSummary } from '../../../schemas/generated/types'

const NOW = new Date('2026-11-23T12:00:00.000Z')
const ago = (ms: number) => new Date(NOW.getTime() - ms).toISOString()
const report = (more: Partial<NodeReport> = {}): NodeReport => ({
  at: ago(60_000),
  version: '0.1.0',
  syncState: 'idle',
  backlogDocuments: 0,
  backlogBytes: 0,
  refusedDocuments: 0,
  bytesToday: 0,
  uptimeSeconds: 1,
  ...more,
})
const node = (externalId: string, more: Partial<NodeSummary> = {}): NodeSummary => ({
  nodeName: `node-${externalId}`,
  externalId,
  name: `Facility ${externalId}`,
  registrationId: 'abcdefgh',
  state: 'active',
  acceptedAt: ago(90 * 24 * 3_600_000),
  configurationVersion: 1,
  dataAccess: { status: 'none' },
  lastSeenAt: ago(60_000),
  report: report(),
  ...more,
})
const tasks = (more: Partial<Known>) =>
  tasksOf({ nodes: [], registrationsAt: [], btg: { count: 0, isMore: false }, ...more }, NOW)

describe('what needs a person', () => {
  test('is nothing where all is well', () => {
    expect(
      tasks({ nodes: [node('101'), node('102', { state: 'suspended', lastSeenAt: ago(9 * LIMITS.silentMs) })] }),
    ).toEqual([])
  })

  test('is a facility that fell silent, since it was last heard; what it said last counts no more', () => {
    const { report: _none, lastSeenAt: _never, ...never } = node('103', { acceptedAt: ago(2 * LIMITS.silentMs) })
    const silent = node('101', {
      lastSeenAt: ago(LIMITS.silentMs + 5_000),
      report: report({ at: ago(LIMITS.silentMs + 1_000), freeDiskBytes: 1, clockOffsetMs: 1e9 }),
    })
    expect(tasks({ nodes: [silent, never, node('102')] })).toEqual([
      {
        kind: 'node-silent',
        count: 2,
        since: ago(2 * LIMITS.silentMs),
        nodes: [
          { nodeName: 'node-103', name: 'Facility 103', since: ago(2 * LIMITS.silentMs) },
          { nodeName: 'node-101', name: 'Facility 101', since: ago(LIMITS.silentMs + 1_000) },
        ],
      },
    ])
  })

  test.each<[string, NodeSummary, object]>([
    [
      'node-behind',
      node('101', { report: report({ oldestUnsentAt: ago(LIMITS.behindMs + 1), backlogDocuments: 7 }) }),
      { value: 7 },
    ],
    ['documents-refused', node('101', { refusedDocuments: 3 }), { value: 3 }],
    [
      'disk-low',
      node('101', { report: report({ freeDiskBytes: LIMITS.freeDiskBytes - 1 }) }),
      { value: LIMITS.freeDiskBytes - 1 },
    ],
    [
      'clock-wrong',
      node('101', { report: report({ clockOffsetMs: -LIMITS.clockMs - 1 }) }),
      { value: -LIMITS.clockMs - 1 },
    ],
  ])('is %s', (kind, one, shown) => {
    expect(tasks({ nodes: [one, node('102')] })).toEqual([
      expect.objectContaining({
        kind,
        nodeName: 'node-101',
        nodes: [expect.objectContaining({ nodeName: 'node-101', ...shown })],
      }),
    ])
  })

  test('is nothing at the very limit', () => {
    const report_ = report({
      oldestUnsentAt: ago(LIMITS.behindMs),
      freeDiskBytes: LIMITS.freeDiskBytes,
      clockOffsetMs: LIMITS.clockMs,
    })
    const all = { nodes: [node('101', { report: report_ })], certificateEndsAt: ago(-LIMITS.certificateMs) }
    expect(tasks(all)).toEqual([])
  })

  test('comes in one order, and names no more facilities than people read', () => {
    const many = Array.from({ length: 400 }, (_, index) =>
      node(String(1_000 + index), {
        refusedDocuments: index,
        dataAccess: { status: 'pending', requestedAt: ago(index) },
      }),
    )
    const all = tasks({
      nodes: [
        ...many,
        node('S1', { lastSeenAt: ago(2 * LIMITS.silentMs), report: report({ at: ago(2 * LIMITS.silentMs) }) }),
      ],
      registrationsAt: [ago(5), ago(9)],
      btg: { count: 1_000, isMore: true, since: ago(77) },
      certificateEndsAt: ago(-3_600_000),
    })
    expect(all.map(({ kind, count }) => [kind, count])).toEqual([
      ['certificate-expiring', 1],
      ['node-silent', 1],
      ['documents-refused', (399 * 400) / 2],
      ['registrations-waiting', 2],
      ['data-access-waiting', 400],
      ['btg-to-review', 1_000],
    ])
    expect(all[2]?.nodes?.length).toBe(20)
    expect(all[2]?.nodes?.[0]).toMatchObject({ nodeName: 'node-1399', value: 399 })
    expect(all[3]?.since).toBe(ago(9))
    expect(all[5]).toMatchObject({ isMore: true, since: ago(77) })
  })
})
