import { backOffMs } from '../../runtime/back-off'

/** Why a try failed. Each has its own sentence for people and its own way back (SPEC.md, R9 to R13). */
export type FailureCause =
  | 'unreachable'
  | 'not-a-hub'
  | 'unauthorized'
  | 'suspended'
  | 'overloaded'
  | 'hub-fault'
  | 'edge-fault'

interface Always {
  /** What a batch may hold, as JSON before compression. */
  batchBytes: number
}

export type PushState = Always &
  (
    | { kind: 'unregistered' }
    | { kind: 'comparing'; failures: number }
    | { kind: 'pushing'; failures: number }
    | { kind: 'idle' }
    | { kind: 'waiting'; failures: number; cause: FailureCause; retryAtMs: number }
  )

export type PushEvent =
  | { kind: 'credentials-arrived' }
  | { kind: 'credentials-lost' }
  | { kind: 'compared' }
  | { kind: 'acknowledged' }
  | { kind: 'split' }
  | { kind: 'nothing-left' }
  | { kind: 'written' }
  | { kind: 'failed'; cause: FailureCause; atMs: number; jitter: number; retryAfterMs?: number }
  | { kind: 'retry-due' }

type StateOf<K extends PushState['kind']> = Extract<PushState, { kind: K }>
type EventOf<K extends PushEvent['kind']> = Extract<PushEvent, { kind: K }>
type Table = {
  [S in PushState['kind']]: { [E in PushEvent['kind']]: (state: StateOf<S>, event: EventOf<E>) => PushState }
}

export const BATCH_BYTES = { least: 4 * 1024, first: 512 * 1024, most: 4 * 1024 * 1024 } as const
const WAIT = { firstMs: 1_000, mostMs: 60_000 } as const
/** An operator has to act, so asking every second helps nobody; and never longer, so that a resumed facility goes on. */
const BARRED_WAIT = { firstMs: 15_000, mostMs: 60_000 } as const

export const INITIAL: PushState = { kind: 'unregistered', batchBytes: BATCH_BYTES.first }

/** What the replicator does next. Pure; rule numbers are those of SPEC.md. */
export function nextState(state: PushState, event: PushEvent): PushState {
  const cell = TABLE[state.kind][event.kind] as (state: PushState, event: PushEvent) => PushState
  return cell(state, event)
}

const stay = (state: PushState): PushState => state
const compare = (state: PushState): PushState => ({
  kind: 'comparing',
  failures: 'failures' in state ? state.failures : 0,
  batchBytes: state.batchBytes,
})
const leave = (state: PushState): PushState => ({ kind: 'unregistered', batchBytes: state.batchBytes })
const rest = (state: PushState): PushState => ({ kind: 'idle', batchBytes: state.batchBytes })

/** R9: wait, and come back with half the bytes. R12: a refusal of the node itself says nothing about the batch. */
function wait(state: PushState, event: EventOf<'failed'>): PushState {
  const failures = ('failures' in state ? state.failures : 0) + 1
  const barred = event.cause === 'unauthorized' || event.cause === 'suspended'
  const jittered = backOffMs(failures, barred ? BARRED_WAIT : WAIT, () => event.jitter)
  // R10: Retry-After is the least wait. R12: a barred node does not hammer.
  const leastMs = event.retryAfterMs ?? (barred ? BARRED_WAIT.firstMs : 0)
  return {
    kind: 'waiting',
    failures,
    cause: event.cause,
    retryAtMs: event.atMs + Math.max(leastMs, jittered),
    batchBytes: barred ? state.batchBytes : halve(state).batchBytes,
  }
}

function halve(state: PushState): PushState {
  return { ...state, batchBytes: Math.max(BATCH_BYTES.least, Math.floor(state.batchBytes / 2)) }
}

/** R11: progress of any size forgets earlier failures, and the next batch may be larger. */
function grow(state: PushState): PushState {
  return { kind: 'pushing', failures: 0, batchBytes: Math.min(BATCH_BYTES.most, Math.floor(state.batchBytes * 1.5)) }
}

const TABLE: Table = {
  unregistered: {
    'credentials-arrived': compare,
    'credentials-lost': stay,
    compared: stay,
    acknowledged: stay,
    split: stay,
    'nothing-left': stay,
    written: stay,
    failed: stay,
    'retry-due': stay,
  },
  comparing: {
    'credentials-arrived': compare,
    'credentials-lost': leave,
    compared: (state) => ({ ...state, kind: 'pushing' }),
    acknowledged: stay,
    split: stay,
    'nothing-left': stay,
    written: stay,
    failed: wait,
    'retry-due': stay,
  },
  pushing: {
    'credentials-arrived': compare,
    'credentials-lost': leave,
    compared: stay,
    acknowledged: grow,
    split: halve,
    'nothing-left': rest,
    written: stay,
    failed: wait,
    'retry-due': stay,
  },
  idle: {
    'credentials-arrived': compare,
    'credentials-lost': leave,
    compared: stay,
    acknowledged: stay,
    split: stay,
    'nothing-left': stay,
    written: (state) => ({ ...state, kind: 'pushing', failures: 0 }),
    failed: wait,
    'retry-due': (state) => ({ ...state, kind: 'pushing', failures: 0 }),
  },
  waiting: {
    'credentials-arrived': compare,
    'credentials-lost': leave,
    compared: stay,
    acknowledged: stay,
    split: stay,
    'nothing-left': stay,
    // New records don't shorten a wait: the link is what is missing.
    written: stay,
    failed: stay,
    // R2: after a failure the other end may be another one, restored or moved: compare again.
    'retry-due': compare,
  },
}
