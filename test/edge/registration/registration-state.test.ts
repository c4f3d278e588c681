import {
  credentialsToTry,
  initialState,
  nextState,
  type RegistrationState,
  type Step,
  type StepEvent,
  stepOf,
} from '../../../edge/registration/registration-state'
import { PACE, waitAfterMs } from '../../../edge/registration/wait-after'
import type { KeptRegistration, NodeConfiguration } from '../../../schemas/generated/types'

const claim = 'c'.repeat(43)
const id = 'registration-101'
const credentials = { nodeName: 'node-101', syncPassword: 'p'.repeat(43) }
const next = { nodeName: 'node-101', syncPassword: 'n'.repeat(43) }
const another = { nodeName: 'node-101', syncPassword: 'a'.repeat(43) }
const configuration: NodeConfiguration = {
  version: 1,
  hubId: 'hub',
  sync: { url: 'https://hub.example/sync/ehr', filter: 'own/own', mrnFloor: 0 },
  dataAccess: { status: 'none' },
}
const withAccess: NodeConfiguration = {
  ...configuration,
  version: 3,
  dataAccess: { status: 'accepted', nodeName: 'node-101', nodePassword: 'k'.repeat(43) },
}

const base = { version: 1, externalId: '101', claim } as const
const KEPT = {
  unregistered: { ...base, status: 'unregistered' },
  pending: { ...base, status: 'pending', registrationId: id },
  rejected: { ...base, status: 'rejected', registrationId: id, reason: 'Another code.' },
  accepted: { ...base, status: 'accepted', registrationId: id, credentials, configuration },
  suspended: { ...base, status: 'suspended', registrationId: id, credentials, configuration, reason: 'Stolen.' },
  renewing: { ...base, status: 'accepted', registrationId: id, credentials, nextCredentials: next, configuration },
} satisfies Record<string, KeptRegistration>

const EVENTS = {
  receipt: { kind: 'receipt', receipt: { id, status: 'pending', pairingCode: '00000000' } },
  pending: { kind: 'answer', answer: { id, status: 'pending' } },
  rejected: { kind: 'answer', answer: { id, status: 'rejected', reason: 'No.' } },
  accepted: { kind: 'answer', answer: { id, status: 'accepted', credentials, configuration } },
  'accepted, credentials gone': { kind: 'answer', answer: { id, status: 'accepted', configuration } },
  unknown: { kind: 'unknown' },
  configuration: { kind: 'configuration', configuration: withAccess },
  'configuration with new credentials': {
    kind: 'configuration',
    configuration: { ...configuration, credentials: another },
  },
  'data access': { kind: 'data-access', answer: { status: 'pending' } },
  'credentials refused': { kind: 'credentials-refused' },
  suspended: { kind: 'suspended', reason: 'Stolen.' },
  refused: { kind: 'refused', code: 'EXTERNAL_ID_TAKEN', reason: 'Taken.' },
  failed: { kind: 'failed', reason: 'no link' },
} satisfies Record<string, StepEvent>

type Cell = [status: KeptRegistration['status'], next: Step]

/** State × event: a missing cell does not compile. Cells that no step of the state can lead to are there all the same. */
const TABLE: Record<keyof typeof KEPT, Record<keyof typeof EVENTS, Cell>> = {
  unregistered: {
    receipt: ['pending', 'ask'],
    pending: ['pending', 'register'],
    rejected: ['rejected', 'register'],
    accepted: ['accepted', 'register'],
    'accepted, credentials gone': ['accepted', 'register'],
    unknown: ['unregistered', 'register'],
    configuration: ['accepted', 'register'],
    'configuration with new credentials': ['accepted', 'register'],
    'data access': ['unregistered', 'register'],
    'credentials refused': ['unregistered', 'register'],
    suspended: ['suspended', 'register'],
    refused: ['unregistered', 'register'],
    failed: ['unregistered', 'register'],
  },
  pending: {
    receipt: ['pending', 'ask'],
    pending: ['pending', 'ask'],
    rejected: ['rejected', 'ask'],
    accepted: ['accepted', 'request-data-access'],
    'accepted, credentials gone': ['accepted', 'ask'],
    unknown: ['unregistered', 'register'],
    configuration: ['accepted', 'ask'],
    'configuration with new credentials': ['accepted', 'ask'],
    'data access': ['pending', 'ask'],
    'credentials refused': ['pending', 'ask'],
    suspended: ['suspended', 'ask'],
    refused: ['pending', 'ask'],
    failed: ['pending', 'ask'],
  },
  rejected: {
    receipt: ['pending', 'ask'],
    pending: ['pending', 'ask'],
    rejected: ['rejected', 'ask'],
    accepted: ['accepted', 'request-data-access'],
    'accepted, credentials gone': ['accepted', 'ask'],
    unknown: ['unregistered', 'register'],
    configuration: ['accepted', 'ask'],
    'configuration with new credentials': ['accepted', 'ask'],
    'data access': ['rejected', 'ask'],
    'credentials refused': ['rejected', 'ask'],
    suspended: ['suspended', 'ask'],
    refused: ['rejected', 'ask'],
    failed: ['rejected', 'ask'],
  },
  accepted: {
    receipt: ['pending', 'ask'],
    pending: ['pending', 'ask'],
    rejected: ['rejected', 'ask'],
    accepted: ['accepted', 'request-data-access'],
    'accepted, credentials gone': ['accepted', 'request-data-access'],
    unknown: ['unregistered', 'register'],
    configuration: ['accepted', 'configure'],
    'configuration with new credentials': ['accepted', 'configure'],
    'data access': ['accepted', 'configure'],
    'credentials refused': ['accepted', 'ask'],
    suspended: ['suspended', 'configure'],
    refused: ['accepted', 'request-data-access'],
    failed: ['accepted', 'request-data-access'],
  },
  suspended: {
    receipt: ['pending', 'ask'],
    pending: ['pending', 'ask'],
    rejected: ['rejected', 'ask'],
    accepted: ['accepted', 'request-data-access'],
    'accepted, credentials gone': ['accepted', 'request-data-access'],
    unknown: ['unregistered', 'register'],
    configuration: ['accepted', 'configure'],
    'configuration with new credentials': ['accepted', 'configure'],
    'data access': ['suspended', 'configure'],
    'credentials refused': ['suspended', 'ask'],
    suspended: ['suspended', 'configure'],
    refused: ['suspended', 'configure'],
    failed: ['suspended', 'configure'],
  },
  renewing: {
    receipt: ['pending', 'ask'],
    pending: ['pending', 'ask'],
    rejected: ['rejected', 'ask'],
    accepted: ['accepted', 'request-data-access'],
    'accepted, credentials gone': ['accepted', 'configure'],
    unknown: ['unregistered', 'register'],
    configuration: ['accepted', 'configure'],
    'configuration with new credentials': ['accepted', 'configure'],
    'data access': ['accepted', 'configure'],
    'credentials refused': ['accepted', 'request-data-access'],
    suspended: ['suspended', 'configure'],
    refused: ['accepted', 'configure'],
    failed: ['accepted', 'configure'],
  },
}

const cells = Object.entries(TABLE).flatMap(([state, row]) =>
  Object.entries(row).map(([event, [status, step]]) => ({ state, event, status, step })),
)

test.each(cells)('$state, then $event: $status, and next $step', ({ state, event, status, step }) => {
  const before = initialState(KEPT[state as keyof typeof KEPT])
  const after = nextState(before, EVENTS[event as keyof typeof EVENTS])
  expect([after.kept.status, stepOf(after)]).toEqual([status, step])
  expect(after.kept.claim).toBe(claim)
})

test.each(Object.keys(EVENTS))('no credentials are lost by %s', (event) => {
  const after = nextState(initialState(KEPT.accepted), EVENTS[event as keyof typeof EVENTS])
  expect(after.kept.credentials).toEqual(credentials)
})

describe('new credentials beside those that work', () => {
  const offer: StepEvent = { kind: 'configuration', configuration: { ...withAccess, credentials: next } }
  const taken: StepEvent = { kind: 'configuration', configuration: withAccess }
  const offered = nextState(initialState(KEPT.accepted), offer)

  test('are kept, tried at once, and used for nothing else before the hub has taken them', () => {
    expect(offered.kept).toMatchObject({ credentials, nextCredentials: next })
    expect(JSON.stringify(offered.kept.configuration)).not.toContain(next.syncPassword)
    expect([stepOf(offered), credentialsToTry(offered)]).toEqual(['configure', next])
    expect(waitAfterMs(offer, offered, PACE, () => 1)).toBe(0)
    for (const event of [taken, EVENTS.suspended]) {
      const after = nextState(offered, event).kept
      expect(after.credentials).toEqual(next)
      expect(after.nextCredentials).toBeUndefined()
    }
  })

  test('that are refused give way to the old ones, which go on until the hub offers others', () => {
    const refused = nextState(offered, EVENTS['credentials refused'])
    expect([credentialsToTry(refused), refused.credentialsRefused]).toEqual([credentials, false])
    const again = nextState(refused, offer)
    expect(credentialsToTry(again)).toEqual(credentials)
    expect(waitAfterMs(offer, again, PACE, () => 0)).toBeGreaterThan(60_000)
    expect(credentialsToTry(nextState(again, EVENTS['configuration with new credentials']))).toEqual(another)
    expect(nextState(again, taken).kept).toMatchObject({ credentials })
    expect(nextState(again, taken).kept.nextCredentials).toBeUndefined()
  })

  test('are tried once more where the old ones are refused too and the claim brings none', () => {
    const both = nextState(nextState(offered, EVENTS['credentials refused']), EVENTS['credentials refused'])
    expect(stepOf(both)).toBe('ask')
    const gone = nextState(both, EVENTS['accepted, credentials gone'])
    expect([stepOf(gone), credentialsToTry(gone)]).toEqual(['configure', next])
  })

  test('of another node, or those that are used already, are no new ones', () => {
    for (const credentialsOf of [{ ...next, nodeName: 'node-102' }, credentials]) {
      const event: StepEvent = { kind: 'configuration', configuration: { ...withAccess, credentials: credentialsOf } }
      expect(nextState(initialState(KEPT.accepted), event).kept.nextCredentials).toBeUndefined()
    }
  })
})

test('a resumed facility notices within a minute, however chance falls', () => {
  const suspended = initialState(KEPT.suspended)
  expect(waitAfterMs(EVENTS.suspended, suspended, PACE, () => 1)).toBeLessThan(60_000)
})

test('the node password is kept apart from the configuration', () => {
  const { kept } = nextState(initialState(KEPT.accepted), EVENTS.configuration)
  expect(kept.nodePassword).toBe('k'.repeat(43))
  expect(JSON.stringify(kept.configuration)).not.toContain('k'.repeat(43))
  const again = nextState(initialState(kept), {
    kind: 'configuration',
    configuration: { ...withAccess, dataAccess: { status: 'accepted' } },
  })
  expect(again.kept.nodePassword).toBe('k'.repeat(43))
})

test('what leaves everything as it was makes nothing to be written', () => {
  const state = initialState(KEPT.pending)
  expect(nextState(state, EVENTS.pending).kept).toBe(state.kept)
  expect(nextState(state, EVENTS.failed).kept).toBe(state.kept)
})

describe('waiting', () => {
  const waitIn = (state: RegistrationState, event: StepEvent, random = 0.5) =>
    waitAfterMs(event, nextState(state, event), PACE, () => random)

  test('polls quickly while people decide, then slower, and never longer than a minute or so', () => {
    let state = initialState(KEPT.pending)
    const waits: number[] = []
    for (let poll = 0; poll < 200; poll++) {
      state = nextState(state, EVENTS.pending)
      waits.push(waitAfterMs(EVENTS.pending, state, PACE, () => 0.5))
    }
    expect(waits[0]).toBeLessThanOrEqual(3_000)
    expect(waits).toEqual([...waits].sort((a, b) => a - b))
    expect(waits.at(-1)).toBe(60_000)
  })

  test('backs off with full jitter after failures, and honours Retry-After', () => {
    const state = { ...initialState(KEPT.pending), failures: 7 }
    expect(waitIn(state, EVENTS.failed, 0)).toBe(0)
    expect(waitIn(state, EVENTS.failed, 0.999)).toBeGreaterThan(100_000)
    expect(waitIn(state, { ...EVENTS.failed, retryAfterMs: 90_000 }, 0)).toBe(90_000)
  })

  test('a hub that gives the same credentials again and again without taking them does not make it spin', () => {
    let state = initialState(KEPT.accepted)
    let waited = 0
    for (let round = 0; round < 10; round++) {
      for (const event of [EVENTS['credentials refused'], EVENTS.accepted]) {
        state = nextState(state, event)
        waited += waitAfterMs(event, state, PACE, () => 0)
      }
    }
    expect(waited).toBeGreaterThan(60_000)
  })

  test('credentials that are gone are tried again slowly, in case they are taken once more', () => {
    const refused = nextState(initialState(KEPT.accepted), EVENTS['credentials refused'])
    const gone = nextState(refused, EVENTS['accepted, credentials gone'])
    expect(gone.kept.reason).toMatch(/rotate/)
    expect(waitAfterMs(EVENTS['accepted, credentials gone'], gone, PACE, () => 0)).toBeGreaterThan(30_000)
    expect(nextState(gone, EVENTS.configuration).kept.reason).toBeUndefined()
  })
})
