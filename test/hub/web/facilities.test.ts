import { tasksOf } from '../../../hub/today/tasks'
import { budgetOf, limitsOf } from '../../../hub/web/facilities/budget-words'
import { countsOf, rowsOf, SHOWN, standingOf, type TableQuery } from '../../../hub/web/facilities/facility-table'
import { pointsOf } from '../../../hub/web/facilities/series'
import { isReachedFrom } from '../../../hub/web/settings/reached-from'
import { whereOf } from '../../../hub/web/today/where'
import type { NodeSummary } from '../../../schemas/generated/types'

const NOW = new Date('2026-11-23T12:00:00.000Z')

function node(externalId: string, part: Partial<NodeSummary> = {}): NodeSummary {
  return {
    nodeName: `node-${externalId}`,
    externalId,
    name: `Puskesmas ${externalId}`,
    registrationId: 'a'.repeat(26),
    state: 'active',
    acceptedAt: '2026-11-01T00:00:00.000Z',
    configurationVersion: 1,
    dataAccess: { status: 'none' },
    lastSeenAt: '2026-11-23T11:58:00.000Z',
    ...part,
  }
}

const NODES = [
  node('101'),
  node('102', { lastSeenAt: '2026-11-21T11:00:00.000Z', name: 'RSUD Saumlaki', group: 'Maluku' }),
  node('103', { state: 'suspended', lastSeenAt: '2026-11-01T00:00:00.000Z' }),
  node('9', { refusedDocuments: 12 }),
  { ...node('104'), acceptedAt: '2026-11-23T11:00:00.000Z', lastSeenAt: undefined } as unknown as NodeSummary,
]
const QUERY: TableQuery = { text: '', column: 'standing', isDescending: false }
const shown = (part: Partial<TableQuery>) =>
  rowsOf(NODES, { ...QUERY, ...part }, NOW).map(({ externalId }) => externalId)

test('a facility is silent a day after it was last seen, and suspended before all', () => {
  expect(NODES.map((one) => standingOf(one, NOW))).toEqual(['active', 'silent', 'suspended', 'active', 'new'])
  expect(Object.fromEntries(countsOf(NODES, NOW))).toMatchObject({ active: 2, silent: 1, suspended: 1, new: 1 })
  const { lastSeenAt: _never, ...longSilent } = node('105')
  expect(standingOf(longSilent, NOW)).toBe('silent')
})

test('those that need somebody come first, and equal ones by their names', () => {
  expect(shown({})).toEqual(['102', '103', '104', '9', '101'])
  expect(shown({ isDescending: true }).at(-1)).toBe('102')
})

test.each<[string, Partial<TableQuery>, string[]]>([
  ['by name, with numbers as numbers', { column: 'name' }, ['9', '101', '103', '104', '102']],
  ['by what was refused, most first', { column: 'refused', isDescending: true }, ['9', '101', '103', '104', '102']],
  ['one that was never seen before the others', { column: 'lastSeen' }, ['104', '103', '102', '9', '101']],
  ['by part of a name, whatever its letters', { text: 'saum' }, ['102']],
  ['by all of the words', { text: 'rsud maluku' }, ['102']],
  ['by external ID', { text: '103' }, ['103']],
  ['none', { text: 'nowhere' }, []],
  ['of one state', { shown: 'suspended' }, ['103']],
  ['with refused documents', { shown: 'documents-refused' }, ['9']],
])('finds %s', (_what, part, expected) => expect(shown(part)).toEqual(expected))

test('what Today counts is what the table shows', () => {
  const report = {
    at: '2026-11-23T11:58:00.000Z',
    version: '1',
    syncState: 'idle',
    backlogDocuments: 0,
    backlogBytes: 0,
  }
  const zero = { refusedDocuments: 0, bytesToday: 0, uptimeSeconds: 1 }
  const told = (more: object) => ({ report: { ...report, ...zero, ...more } }) as Partial<NodeSummary>
  const nodes = [
    ...NODES,
    node('201', told({ freeDiskBytes: 1_000 })),
    node('202', told({ clockOffsetMs: -200_000 })),
    node('203', told({ oldestUnsentAt: '2026-11-20T12:00:00.000Z' })),
    node('204', {
      ...told({ freeDiskBytes: 1_000, at: '2026-11-20T12:00:00.000Z' }),
      lastSeenAt: '2026-11-20T12:00:00.000Z',
    }),
    node('205', { ...told({ freeDiskBytes: 1_000 }), state: 'suspended' }),
  ]
  const known = { registrationsAt: [], btg: { count: 0, isMore: false } }
  const tasks = tasksOf({ nodes, ...known }, NOW)
  expect(tasks.map(({ kind }) => kind).sort()).toEqual([
    'clock-wrong',
    'disk-low',
    'documents-refused',
    'node-behind',
    'node-silent',
  ])
  for (const task of tasks) {
    const { searchParams } = new URL(whereOf(task).to, 'https://hub.example.org')
    const shown = SHOWN.find((one) => one === searchParams.get('state')) ?? 'documents-refused'
    const rows = rowsOf(nodes, { ...QUERY, shown }, NOW)
    expect(rows.map(({ nodeName }) => nodeName).sort()).toEqual(task.nodes?.map(({ nodeName }) => nodeName).sort())
  }
})

const EMPTY = { kilobitsPerSecond: '', megabytesPerDay: '', from: null, to: null, isUrgentLimited: false }

test('an empty form of the budget limits nothing', () => expect(budgetOf(EMPTY)).toEqual({}))

test('a form of the budget becomes what the hub takes, and the same in words', () => {
  const budget = budgetOf({ kilobitsPerSecond: 64, megabytesPerDay: 20, from: '22', to: '06', isUrgentLimited: true })
  expect(budget).toEqual({ kilobitsPerSecond: 64, megabytesPerDay: 20, hours: '22-06', urgent: 'limited' })
  const t = (key: string, values?: Record<string, string>) =>
    `${key.split('.').at(-1)} ${Object.values(values ?? {})}`.trim()
  expect(limitsOf(budget, 'en', t)).toEqual(['speed 64', 'day 20', 'hours 22:00,06:00', 'urgentLimited'])
  expect(limitsOf({}, 'en', t)).toEqual([])
})

test.each([
  ['http://127.0.0.1:5984/_utils/', 'localhost', true],
  ['http://127.0.0.1:5984/_utils/', 'hub.example.org', false],
  ['http://10.0.0.7:5984/_utils/', 'hub.example.org', true],
])('%s from a page of %s: %s', (url, host, expected) => expect(isReachedFrom(url, host)).toBe(expected))

describe('the series of a facility', () => {
  const hour = (at: string, backlogDocuments: number) => ({
    hour: `2026-11-22T${at}:00:00.000Z`,
    backlogDocuments,
    backlogBytes: 0,
    refusedDocuments: 0,
    bytesToday: 0,
    uptimeSeconds: 1,
  })

  test('is broken where nothing was said', () => {
    const points = pointsOf([hour('07', 5), hour('09', 2)], 'backlogDocuments')
    expect(points.map(({ value }) => value)).toEqual([5, null, 2])
  })

  test('keeps the peak of each step where there are more hours than a line can show', () => {
    const series = Array.from({ length: 24 }, (_, at) => hour(String(at).padStart(2, '0'), at === 13 ? 900 : 1))
    const points = pointsOf(series, 'backlogDocuments', 6)
    expect(points.map(({ value }) => value)).toEqual([1, 1, 1, 900, 1, 1])
  })

  test('is empty where there is none, and null where a measure was never said', () => {
    expect(pointsOf([], 'backlogDocuments')).toEqual([])
    expect(pointsOf([hour('07', 1)], 'freeDiskBytes')).toEqual([{ hour: '2026-11-22T07:00:00.000Z', value: null }])
  })
})
