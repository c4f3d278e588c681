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
    /** `retryAtMs` is of the monotonic clock: a wall clock that is set must not change a wait. */
    | { kind: 'waiting'; failures: number; cause: FailureCause; retryAtMs: number }
    /** Another machine pushes in this facility's name (R18). */
    | { kind: 'contested' }
    /** What waits is history, and the data budget lets none go before `untilMs` of the clock on the wall (R25). */
    | { kind: 'resting'; untilMs: number; cause: 'hours' | 'day' }
  )

export type PushEvent =
  | { kind: 'credentials-arrived' }
  | { kind: 'credentials-lost' }
  | { kind: 'compared' }
  | { kind: 'acknowledged'; tookMs: number }
  | { kind: 'split' }
  /** The hub's checkpoint is not the one that we know. */
  | { kind: 'stale' }
  | { kind: 'nothing-left' }
  | { kind: 'written' }
  | { kind: 'failed'; cause: FailureCause; atMs: number; jitter: number; retryAfterMs?: number }
  | { kind: 'retry-due' }
  | { kind: 'link-back' }
  | { kind: 'compare-due' }
  | { kind: 'contest' }
  | { kind: 'budget-spent'; untilMs: number; cause: 'hours' | 'day' }

type StateOf<K extends PushState['kind']> = Extract<PushState, { kind: K }>
type EventOf<K extends PushEvent['kind']> = Extract<PushEvent, { kind: K }>
type Table = {
  [S in PushState['kind']]: { [E in PushEvent['kind']]: (state: StateOf<S>, event: EventOf<E>) => PushState }
}

/** The first takes about 2.5 s at 128 kbit/s, packed. */
export const BATCH_BYTES = { least: 4 * 1024, first: 512 * 1024, most: 2 * 1024 * 1024 } as const
/** A batch is so many times the one before at the most. */
export const BATCH_GROWTH = 4
/** What a batch may take on the wire: long enough to fill it, short enough to lose when the link is cut. */
export const BATCH_MS = 2_500
const WAIT = { firstMs: 1_000, mostMs: 30_000 } as const
/** The hub has answered in this very try, so it is there and the link comes and goes: a long wait misses its good moments. */
const BROKEN_LINK_WAIT = { firstMs: 1_000, mostMs: 5_000 } as const
/** An operator has to act, so asking every second helps nobody; and never longer, so that a resumed facility goes on. */
const BARRED_WAIT = { firstMs: 15_000, mostMs: 60_000 } as const

/** @param batchBytes  what went well in an earlier life of the process */
export function initialState(batchBytes: number = BATCH_BYTES.first): PushState {
  return { kind: 'unregistered', batchBytes: within(batchBytes) }
}

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
  const isBroken = state.kind === 'pushing' && event.cause === 'unreachable'
  const limits = barred ? BARRED_WAIT : isBroken ? BROKEN_LINK_WAIT : WAIT
  const jittered = backOffMs(failures, limits, () => event.jitter)
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
  return { ...state, batchBytes: within(state.batchBytes / 2) }
}

/** R11: progress of any size forgets earlier failures; R4: the next batch is as large as its time on the wire allows. */
function adapt(state: PushState, { tookMs }: EventOf<'acknowledged'>): PushState {
  const factor = Math.min(BATCH_GROWTH, Math.max(0.5, BATCH_MS / Math.max(1, tookMs)))
  return { kind: 'pushing', failures: 0, batchBytes: within(state.batchBytes * factor) }
}

function within(batchBytes: number): number {
  return Math.floor(Math.min(BATCH_BYTES.most, Math.max(BATCH_BYTES.least, batchBytes)))
}

/** The link is back: whoever waited for it tries at once. The hub's own wishes are kept. */
function tryAtOnce(state: StateOf<'waiting'>): PushState {
  return state.cause === 'unreachable' || state.cause === 'not-a-hub' ? compare(state) : state
}

const restFor = (state: PushState, { untilMs, cause }: EventOf<'budget-spent'>): PushState => ({
  kind: 'resting',
  untilMs,
  cause,
  batchBytes: state.batchBytes,
})
const pushOn = (state: PushState): PushState => ({ kind: 'pushing', failures: 0, batchBytes: state.batchBytes })

const contest = (state: PushState): PushState => ({ kind: 'contested', batchBytes: state.batchBytes })

const TABLE: Table = {
  unregistered: {
    'credentials-arrived': compare,
    'credentials-lost': stay,
    compared: stay,
    acknowledged: stay,
    split: stay,
    stale: stay,
    'nothing-left': stay,
    written: stay,
    failed: stay,
    'retry-due': stay,
    'link-back': stay,
    'compare-due': stay,
    contest: stay,
    'budget-spent': stay,
  },
  comparing: {
    'credentials-arrived': compare,
    'credentials-lost': leave,
    compared: (state) => ({ ...state, kind: 'pushing' }),
    acknowledged: stay,
    split: stay,
    stale: stay,
    'nothing-left': stay,
    written: stay,
    failed: wait,
    'retry-due': stay,
    'link-back': stay,
    'compare-due': stay,
    contest,
    'budget-spent': stay,
  },
  pushing: {
    'credentials-arrived': compare,
    'credentials-lost': leave,
    compared: stay,
    acknowledged: adapt,
    split: halve,
    stale: compare,
    'nothing-left': rest,
    written: stay,
    failed: wait,
    'retry-due': stay,
    'link-back': stay,
    'compare-due': stay,
    contest: stay,
    'budget-spent': restFor,
  },
  idle: {
    'credentials-arrived': compare,
    'credentials-lost': leave,
    compared: stay,
    acknowledged: stay,
    split: stay,
    stale: stay,
    'nothing-left': stay,
    written: pushOn,
    failed: wait,
    'retry-due': pushOn,
    'link-back': stay,
    // R19: a hub that was restored meanwhile says so only when it is asked.
    'compare-due': compare,
    contest: stay,
    'budget-spent': stay,
  },
  waiting: {
    'credentials-arrived': compare,
    'credentials-lost': leave,
    compared: stay,
    acknowledged: stay,
    split: stay,
    stale: stay,
    'nothing-left': stay,
    // New records don't shorten a wait: the link is what is missing.
    written: stay,
    failed: stay,
    // R2: after a failure the other end may be another one, restored or moved: compare again.
    'retry-due': compare,
    'link-back': tryAtOnce,
    'compare-due': stay,
    contest: stay,
    'budget-spent': stay,
  },
  contested: {
    // New credentials are the operator's answer to the question which machine is the right one.
    'credentials-arrived': compare,
    'credentials-lost': leave,
    compared: stay,
    acknowledged: stay,
    split: stay,
    stale: stay,
    'nothing-left': stay,
    written: stay,
    failed: stay,
    'retry-due': stay,
    'link-back': stay,
    'compare-due': stay,
    contest: stay,
    'budget-spent': stay,
  },
  resting: {
    'credentials-arrived': compare,
    'credentials-lost': leave,
    compared: stay,
    acknowledged: stay,
    split: stay,
    stale: stay,
    'nothing-left': stay,
    // R23: it may be what a waiting patient needs, which does not wait for the budget.
    written: pushOn,
    failed: stay,
    'retry-due': pushOn,
    'link-back': stay,
    'compare-due': compare,
    contest: stay,
    'budget-spent': stay,
  },
}
