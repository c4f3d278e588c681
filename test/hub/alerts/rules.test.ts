import { type Condition, conditionsOf, DEFAULT_SETTINGS, type Facts, type WatchedNode } from '../../../hub/alerts/rules'

const NOW = new Date('2026-11-23T12:00:00.000Z')
const { rules } = DEFAULT_SETTINGS
const ago = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000).toISOString()
const node = (more: Partial<WatchedNode> = {}): WatchedNode => ({
  nodeName: 'node-101',
  state: 'active',
  acceptedAt: ago(1_000),
  lastSeenAt: ago(0.1),
  ...more,
})
const facts = (more: Partial<Facts> = {}): Facts => ({ nodes: [], certificates: [], lockOuts: 0, ...more })

const CASES: readonly [string, Partial<Facts>, Partial<Condition>[]][] = [
  ['nothing is wrong', { nodes: [node()] }, []],
  ['a facility is at its threshold', { nodes: [node({ lastSeenAt: ago(24) })] }, []],
  [
    'a facility is silent',
    { nodes: [node({ lastSeenAt: ago(25) })] },
    [{ kind: 'node-silent', value: 25, threshold: 24 }],
  ],
  ['one was never there', { nodes: [node({ lastSeenAt: undefined as never, acceptedAt: ago(30) })] }, [{ value: 30 }]],
  ['a suspended one is silent', { nodes: [node({ state: 'suspended', lastSeenAt: ago(300) })] }, []],
  ['records wait', { nodes: [node({ report: { oldestUnsentAt: ago(49) } })] }, [{ kind: 'node-behind', value: 49 }]],
  ['documents are refused', { nodes: [node({ refusedDocuments: 21 })] }, [{ kind: 'documents-refused', value: 21 }]],
  [
    'a disk is nearly full',
    { nodes: [node({ report: { freeDiskBytes: 1.5e9 } })] },
    [{ kind: 'disk-low', value: 1.5 }],
  ],
  [
    'a clock is behind',
    { nodes: [node({ report: { clockOffsetMs: -301_000 } })] },
    [{ kind: 'clock-wrong', value: 301 }],
  ],
  [
    'a certificate ends',
    { certificates: [{ gateway: 'hub1:8080', until: ago(-48) }] },
    [{ gateway: 'hub1:8080', value: 2 }],
  ],
  ['a certificate has ended', { certificates: [{ gateway: 'hub1:8080', until: ago(24) }] }, [{ value: -1 }]],
  ['somebody guesses passwords', { lockOuts: 6 }, [{ kind: 'sign-in-locked', value: 6 }]],
  ['nobody reviews', { oldestOpenGlassAt: ago(8 * 24) }, [{ kind: 'btg-to-review', value: 8 }]],
  ['the audit is broken', { auditBreaks: 1 }, [{ kind: 'audit-broken', value: 1, threshold: 0 }]],
]

test.each(CASES)('%s', (_name, given, expected) => {
  const conditions = conditionsOf(facts(given), rules, NOW)
  expect(conditions).toHaveLength(expected.length)
  expect(conditions).toMatchObject(expected)
})

test.each(Object.keys(rules) as (keyof typeof rules)[])('%s is not told of where its rule is null', (kind) => {
  const all = facts({
    nodes: [
      node({
        lastSeenAt: ago(99),
        refusedDocuments: 999,
        report: { oldestUnsentAt: ago(99), freeDiskBytes: 1, clockOffsetMs: 9e9 },
      }),
    ],
    certificates: [{ gateway: 'hub1:8080', until: ago(1) }],
    lockOuts: 99,
    oldestOpenGlassAt: ago(9_999),
    auditBreaks: 9,
  })
  const kinds = (off: object) => conditionsOf(all, { ...rules, ...off }, NOW).map((one) => one.kind)
  expect(kinds({})).toContain(kind)
  expect(kinds({ [kind]: null })).toEqual(kinds({}).filter((one) => one !== kind))
})
