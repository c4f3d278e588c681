import fc from 'fast-check'
import {
  BATCH_BYTES,
  initialState,
  nextState,
  type PushEvent,
  type PushState,
} from '../../../edge/replicator/push-state'

const failed = (
  cause: Extract<PushEvent, { kind: 'failed' }>['cause'],
  more: { jitter?: number; retryAfterMs?: number } = {},
): PushEvent => ({
  kind: 'failed',
  cause,
  atMs: 1_000_000,
  jitter: 0.5,
  ...more,
})

function stateAfter(...events: PushEvent[]): PushState {
  return events.reduce(nextState, initialState())
}

const pushing = [{ kind: 'credentials-arrived' }, { kind: 'compared' }] as const

describe('the state machine of the push', () => {
  test('R2: sends nothing before the checkpoints are compared', () => {
    expect(stateAfter({ kind: 'written' }).kind).toBe('unregistered')
    expect(stateAfter({ kind: 'credentials-arrived' }).kind).toBe('comparing')
    expect(stateAfter({ kind: 'credentials-arrived' }, { kind: 'written' }).kind).toBe('comparing')
    expect(stateAfter(...pushing).kind).toBe('pushing')
  })

  test('R2: compares again after a failure', () => {
    expect(stateAfter(...pushing, failed('unreachable'), { kind: 'retry-due' }).kind).toBe('comparing')
  })

  test('R9: a failure waits with full jitter and halves the batch', () => {
    const state = stateAfter(...pushing, failed('unreachable', { jitter: 0.25 }))
    expect(state).toMatchObject({
      kind: 'waiting',
      failures: 1,
      retryAtMs: 1_000_250,
      batchBytes: BATCH_BYTES.first / 2,
    })
  })

  test('R9: waits double up to half a minute', () => {
    let state = stateAfter(...pushing)
    for (let failure = 1; failure <= 20; failure++) {
      state = nextState(nextState(state, { kind: 'retry-due' }), failed('hub-fault', { jitter: 0.999 }))
      expect(state).toMatchObject({ kind: 'waiting', failures: failure })
      if (state.kind === 'waiting')
        expect(state.retryAtMs - 1_000_000).toBe(Math.round(Math.min(30_000, 1_000 * 2 ** (failure - 1)) * 0.999))
    }
    expect(state.batchBytes).toBe(BATCH_BYTES.least)
  })

  test('R9: a link that breaks after the hub has answered is waited for five seconds at most', () => {
    let state = stateAfter(...pushing)
    for (let failure = 1; failure <= 10; failure++) {
      const again = nextState(nextState(state, { kind: 'retry-due' }), { kind: 'compared' })
      state = nextState(again, failed('unreachable', { jitter: 0.999 }))
      expect(state).toMatchObject({ kind: 'waiting', failures: failure })
      if (state.kind === 'waiting') expect(state.retryAtMs - 1_000_000).toBeLessThanOrEqual(5_000)
    }
    // A hub that does not answer at all gets the whole wait.
    const silent = nextState(nextState(state, { kind: 'retry-due' }), failed('unreachable', { jitter: 0.999 }))
    expect(silent).toMatchObject({ retryAtMs: 1_000_000 + 29_970 })
  })

  test('R10: Retry-After is the least wait', () => {
    expect(stateAfter(...pushing, failed('overloaded', { retryAfterMs: 45_000 }))).toMatchObject({
      retryAtMs: 1_045_000,
    })
  })

  test('R11: progress forgets failures and lets the batch grow, by its time on the wire', () => {
    const state = stateAfter(
      ...pushing,
      failed('unreachable'),
      { kind: 'retry-due' },
      { kind: 'compared' },
      { kind: 'acknowledged', tookMs: 1_250 },
    )
    expect(state).toMatchObject({ kind: 'pushing', failures: 0, batchBytes: BATCH_BYTES.first })
  })

  test.each(['unauthorized', 'suspended'] as const)(
    'R12: %s asks again after 15 s or more and keeps the batch',
    (cause) => {
      const state = stateAfter(...pushing, failed(cause, { jitter: 0 }))
      expect(state).toMatchObject({ kind: 'waiting', retryAtMs: 1_015_000, batchBytes: BATCH_BYTES.first })
    },
  )

  test('records written while it waits do not shorten the wait', () => {
    const waiting = stateAfter(...pushing, failed('unreachable'))
    expect(nextState(waiting, { kind: 'written' })).toEqual(waiting)
  })

  test('new credentials end any wait', () => {
    expect(stateAfter(...pushing, failed('suspended'), { kind: 'credentials-arrived' }).kind).toBe('comparing')
  })

  test('R15: a batch that the hub did not take whole is halved', () => {
    expect(stateAfter(...pushing, { kind: 'split' })).toMatchObject({
      kind: 'pushing',
      batchBytes: BATCH_BYTES.first / 2,
    })
  })

  test.each([
    [500, 4],
    [1_250, 2],
    [2_500, 1],
    [5_000, 0.5],
    [60_000, 0.5],
  ])('R4: a batch that took %s ms makes the next one %s times as large', (tookMs, factor) => {
    expect(stateAfter(...pushing, { kind: 'acknowledged', tookMs }).batchBytes).toBe(BATCH_BYTES.first * factor)
  })

  test('R4: what went well is remembered, within bounds', () => {
    expect(initialState(100_000).batchBytes).toBe(100_000)
    expect(initialState(1).batchBytes).toBe(BATCH_BYTES.least)
    expect(initialState(1e12).batchBytes).toBe(BATCH_BYTES.most)
  })

  test.each([
    ['unreachable', 'comparing'],
    ['not-a-hub', 'comparing'],
    ['overloaded', 'waiting'],
    ['suspended', 'waiting'],
  ] as const)('R17: when the network changes, a wait for %s is %s', (cause, kind) => {
    expect(stateAfter(...pushing, failed(cause), { kind: 'link-back' }).kind).toBe(kind)
  })

  test('R18: a contested name stops the push until there are new credentials', () => {
    const contested = stateAfter({ kind: 'credentials-arrived' }, { kind: 'contest' })
    expect(contested.kind).toBe('contested')
    for (const event of [{ kind: 'written' }, { kind: 'retry-due' }, { kind: 'link-back' }] as const) {
      expect(nextState(contested, event).kind).toBe('contested')
    }
    expect(nextState(contested, { kind: 'credentials-arrived' }).kind).toBe('comparing')
  })

  test('R19: compares again when it is time, and when the hub’s checkpoint is another', () => {
    expect(stateAfter(...pushing, { kind: 'nothing-left' }, { kind: 'compare-due' }).kind).toBe('comparing')
    expect(stateAfter(...pushing, { kind: 'stale' }).kind).toBe('comparing')
  })

  test('R25: rests for its budget, and goes on for what is written, new credentials, and when its time has come', () => {
    const resting = stateAfter(...pushing, { kind: 'budget-spent', untilMs: 5, cause: 'hours' })
    expect(resting).toMatchObject({ kind: 'resting', untilMs: 5, cause: 'hours', batchBytes: BATCH_BYTES.first })
    expect(nextState(resting, { kind: 'written' }).kind).toBe('pushing')
    expect(nextState(resting, { kind: 'retry-due' }).kind).toBe('pushing')
    expect(nextState(resting, { kind: 'compare-due' }).kind).toBe('comparing')
    expect(nextState(resting, { kind: 'credentials-arrived' }).kind).toBe('comparing')
    expect(nextState(resting, { kind: 'credentials-lost' }).kind).toBe('unregistered')
    expect(nextState(resting, { kind: 'link-back' })).toBe(resting)
  })

  test('no order of events ends it, or takes the batch out of its bounds', () => {
    const event: fc.Arbitrary<PushEvent> = fc.oneof(
      fc.constantFrom<PushEvent>(
        { kind: 'credentials-arrived' },
        { kind: 'credentials-lost' },
        { kind: 'compared' },
        { kind: 'acknowledged', tookMs: 1 },
        { kind: 'acknowledged', tookMs: 60_000 },
        { kind: 'stale' },
        { kind: 'link-back' },
        { kind: 'compare-due' },
        { kind: 'contest' },
        { kind: 'split' },
        { kind: 'nothing-left' },
        { kind: 'written' },
        { kind: 'retry-due' },
        { kind: 'budget-spent', untilMs: 1, cause: 'day' },
      ),
      fc.record({
        kind: fc.constant('failed' as const),
        cause: fc.constantFrom(
          'unreachable' as const,
          'suspended' as const,
          'overloaded' as const,
          'not-a-hub' as const,
        ),
        atMs: fc.nat(),
        jitter: fc.double({ min: 0, max: 0.999, noNaN: true }),
      }),
    )
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const state = stateAfter(...events)
        expect(state.batchBytes).toBeGreaterThanOrEqual(BATCH_BYTES.least)
        expect(state.batchBytes).toBeLessThanOrEqual(BATCH_BYTES.most)
        const back = [{ kind: 'credentials-arrived' }, { kind: 'compared' }] as const
        expect(back.reduce<PushState>(nextState, state).kind).toBe('pushing')
      }),
    )
  })
})
