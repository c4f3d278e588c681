import fc from 'fast-check'
import { BATCH_BYTES, INITIAL, nextState, type PushEvent, type PushState } from '../../../edge/replicator/push-state'

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
  return events.reduce(nextState, INITIAL)
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

  test('R9: waits double up to a minute', () => {
    let state = stateAfter(...pushing)
    for (let failure = 1; failure <= 20; failure++) {
      state = nextState(nextState(state, { kind: 'retry-due' }), failed('hub-fault', { jitter: 0.999 }))
      expect(state).toMatchObject({ kind: 'waiting', failures: failure })
      if (state.kind === 'waiting')
        expect(state.retryAtMs - 1_000_000).toBe(Math.round(Math.min(60_000, 1_000 * 2 ** (failure - 1)) * 0.999))
    }
    expect(state.batchBytes).toBe(BATCH_BYTES.least)
  })

  test('R10: Retry-After is the least wait', () => {
    expect(stateAfter(...pushing, failed('overloaded', { retryAfterMs: 45_000 }))).toMatchObject({
      retryAtMs: 1_045_000,
    })
  })

  test('R11: progress forgets failures and lets the batch grow', () => {
    const state = stateAfter(
      ...pushing,
      failed('unreachable'),
      { kind: 'retry-due' },
      { kind: 'compared' },
      { kind: 'acknowledged' },
    )
    expect(state).toMatchObject({ kind: 'pushing', failures: 0, batchBytes: (BATCH_BYTES.first / 2) * 1.5 })
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

  test('no order of events ends it, or takes the batch out of its bounds', () => {
    const event: fc.Arbitrary<PushEvent> = fc.oneof(
      fc.constantFrom<PushEvent>(
        { kind: 'credentials-arrived' },
        { kind: 'credentials-lost' },
        { kind: 'compared' },
        { kind: 'acknowledged' },
        { kind: 'split' },
        { kind: 'nothing-left' },
        { kind: 'written' },
        { kind: 'retry-due' },
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
