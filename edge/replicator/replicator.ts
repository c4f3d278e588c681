import { pause } from '../../runtime/back-off'
import type { Log } from '../../runtime/log'
import type { Stoppable } from '../../runtime/service'
import type { Budget, RefusedDocument } from '../../schemas/generated/types'
import type { BudgetKeeper } from './budget-keeper'
import { CheckpointKeeper } from './checkpoint-keeper'
import { type HubAccess, HubConnection, type Wire } from './hub-connection'
import { networkChange } from './link-watch'
import type { Push } from './push'
import { PushFailure, StaleCheckpoint } from './push-failure'
import { initialState, nextState, type PushEvent, type PushState } from './push-state'
import { Pusher } from './pusher'
import type { RefusedList } from './refused-list'
import { Speed } from './speed'
import { type SyncStatus, syncStatus } from './sync-status'
import { WaitingRecords } from './waiting-records'

export interface ReplicatorDependencies {
  database: PouchDB.Database
  externalId: string
  refused: RefusedList
  budget: BudgetKeeper
  /** A new one for each life of the process. */
  sessionId: string
  now: () => Date
  random: () => number
  log: Log
  /** The hub does not let us in: whoever keeps the credentials asks for new ones, or learns why. */
  onUnauthorized: () => void
  /** The hub answers again, after tries that failed. */
  onReachable: () => void
  /** Told of each fault of this edge: its disk may be full. */
  onFault: (error: unknown) => void
}

/** R19: how long a hub may have been another one without our knowing. */
const COMPARE_EVERY_MS = 60 * 60_000
/** R25: the clock on the wall may be set meanwhile. */
const LOOK_AT_CLOCK_EVERY_MS = 60_000

/** Drives the state machine of push-state.ts; the rules are in SPEC.md. Nothing that happens here stops it for good. */
export class Replicator implements Stoppable {
  readonly #aborter = new AbortController()
  readonly #waiting: WaitingRecords
  /** What passes on the wire, and what the hub acknowledges of the documents. */
  readonly #speeds = { wire: new Speed(), documents: new Speed() }
  readonly #checkpoints: CheckpointKeeper
  readonly #pusher: Pusher
  #state: PushState = initialState()
  /** The hub, and what ends the work with it. */
  #hub: { connection: HubConnection; aborter: AbortController } | undefined
  #compareAtMs = 0
  /** Without an acknowledged batch between. */
  #staleInARow = 0
  #wakeUp: () => void = () => {}
  #running: Promise<void> | undefined

  constructor(private readonly dependencies: ReplicatorDependencies) {
    const { database, externalId, sessionId, refused, budget, now, log } = dependencies
    const onFault = (error: unknown) => {
      log.error({ err: error }, 'what waits could not be read')
      dependencies.onFault(error)
    }
    this.#waiting = new WaitingRecords(database, externalId, now, this.#aborter.signal, onFault)
    this.#checkpoints = new CheckpointKeeper(database, sessionId)
    this.#pusher = new Pusher({
      database,
      externalId,
      refused,
      now,
      waiting: this.#waiting,
      budget,
      checkpoints: this.#checkpoints,
      batchBytes: () => this.#state.batchBytes,
      onAcknowledged: (tookMs, bytes) => {
        this.#staleInARow = 0
        this.#speeds.documents.add(bytes, performance.now())
        this.#dispatch({ kind: 'acknowledged', tookMs })
      },
      onSplit: () => this.#dispatch({ kind: 'split' }),
    })
  }

  /** Reads its own checkpoint and begins; does not wait for the hub. */
  async start(): Promise<this> {
    this.#waiting.restartAt(await this.#checkpoints.readOwn())
    this.#waiting.look()
    this.#state = initialState(this.#checkpoints.batchBytes)
    this.#running ??= this.#run()
    return this
  }

  async stop(): Promise<void> {
    this.#aborter.abort()
    this.#hub?.aborter.abort()
    this.#wakeUp()
    await this.#running
    await this.#hub?.connection.close()
    await this.#waiting.stop()
    await this.dependencies.budget.keep()
  }

  /** Where to push from now on; undefined for nowhere, until there is a hub that takes us. */
  useAccess(access: HubAccess | undefined): void {
    const before = this.#hub
    if (before && access && isSame(before.connection.access, access)) return
    const count = (bytes: number) => {
      this.#checkpoints.bytesSent += bytes
    }
    this.#hub = access && {
      connection: new HubConnection(access, count, undefined, this.#wire()),
      aborter: new AbortController(),
    }
    if (before) {
      before.aborter.abort()
      void before.connection.close()
    }
    this.#dispatch({ kind: access ? 'credentials-arrived' : 'credentials-lost' })
  }

  /** Documents were written. */
  wake(): void {
    this.#pusher.noteWrite()
    this.#waiting.look()
    this.#dispatch({ kind: 'written' })
  }

  /** Sends these once more, as soon as it can: the hub has lost what it acknowledged. */
  sendAgain(ids: Iterable<string>): void {
    this.#pusher.sendAgain(ids)
    this.#dispatch({ kind: 'written' })
  }

  /** Sends the refused documents once more, now. */
  retryRefused(): void {
    this.#pusher.retryRefusedNow()
    this.#dispatch({ kind: 'retry-due' })
  }

  /** What the hub's operator allows; counts from now on. */
  useBudget(budget: Budget): void {
    this.dependencies.budget.useHub(budget)
    this.budgetChanged()
  }

  /** What is allowed is another thing now. */
  budgetChanged(): void {
    if (this.#state.kind === 'resting') this.#dispatch({ kind: 'retry-due' })
  }

  /** Which resource types go first, as the hub's operator has it; undefined: as it is by itself. */
  useUrgentTypes(types: readonly string[] | undefined): void {
    this.#waiting.useUrgentTypes(types)
    if (this.#state.kind === 'resting') this.#dispatch({ kind: 'retry-due' })
  }

  refusedPage(after: string, limit: number): Promise<RefusedDocument[]> {
    return this.dependencies.refused.page(after, limit)
  }

  async status(): Promise<SyncStatus> {
    return syncStatus(await this.#waiting.counts(), {
      state: this.#state,
      refusedDocuments: this.dependencies.refused.count,
      lastAcknowledgedAt: this.#checkpoints.lastAcknowledgedAt,
      bytesSent: this.#checkpoints.bytesSent,
      bytesToday: this.dependencies.budget.bytesToday,
      speeds: this.#speeds,
      nowMs: performance.now(),
    })
  }

  #wire(): Wire {
    const { budget } = this.dependencies
    return {
      get pieceBytes() {
        return budget.pacer.pieceBytes
      },
      trust: budget.trust,
      pace: (bytes, signal) => budget.pacer.pace(bytes, signal),
      count: (bytes) => {
        budget.count(bytes)
        this.#speeds.wire.add(bytes, performance.now())
      },
    }
  }

  #dispatch(event: PushEvent): void {
    this.#state = nextState(this.#state, event)
    this.#checkpoints.batchBytes = this.#state.batchBytes
    this.#wakeUp()
  }

  async #run(): Promise<void> {
    while (!this.#aborter.signal.aborted) {
      switch (this.#state.kind) {
        case 'unregistered':
        case 'contested':
          await this.#event()
          break
        case 'comparing':
          await this.#try((to) => this.#compare(to))
          break
        case 'pushing':
          await this.#try((to) => this.#push(to))
          break
        case 'idle':
          await this.#rest()
          break
        case 'waiting':
          await this.#wait(this.#state)
          break
        case 'resting':
          await this.#restForBudget(this.#state)
          break
      }
    }
  }

  async #try(step: (to: Push) => Promise<void>): Promise<void> {
    const hub = this.#hub
    if (!hub) return this.#dispatch({ kind: 'credentials-lost' })
    try {
      await step({ hub: hub.connection, signal: hub.aborter.signal, sessionId: this.dependencies.sessionId })
    } catch (error) {
      // The end of a connection of before is no failure of this one.
      if (hub.aborter.signal.aborted) return
      if (error instanceof StaleCheckpoint) this.#stale(error)
      else this.#failed(error)
    }
  }

  /** R19: compares at once, but waits where that has not helped. */
  #stale(error: StaleCheckpoint): void {
    this.#speedsEnd()
    if (this.#staleInARow++ === 0) this.#dispatch({ kind: 'stale' })
    else this.#failed(new PushFailure('hub-fault', { cause: error }))
  }

  #failed(error: unknown): void {
    const { log, random, onUnauthorized, onFault } = this.dependencies
    const failure = error instanceof PushFailure ? error : new PushFailure('edge-fault', { cause: error })
    if (failure.kind === 'edge-fault') {
      log.error({ err: error }, 'the push failed by a fault of the edge')
      onFault(error)
    } else log.warn({ cause: failure.kind, err: failure.cause }, 'the push failed and will be tried again')
    if (failure.kind === 'unauthorized' || failure.kind === 'suspended') onUnauthorized()
    this.#dispatch({
      kind: 'failed',
      cause: failure.kind,
      atMs: performance.now(),
      jitter: random(),
      ...(failure.retryAfterMs === undefined ? {} : { retryAfterMs: failure.retryAfterMs }),
    })
  }

  async #compare(to: Push): Promise<void> {
    const { log, onReachable } = this.dependencies
    const wasFailing = 'failures' in this.#state && this.#state.failures > 0
    const outcome = await this.#pusher.compare(to, wasFailing)
    this.#compareAtMs = performance.now() + COMPARE_EVERY_MS
    if (outcome === 'contested') {
      log.error('another machine pushes in the name of this facility; the push has stopped')
      return this.#dispatch({ kind: 'contest' })
    }
    this.#dispatch({ kind: 'compared' })
    if (wasFailing) onReachable()
  }

  async #push(to: Push): Promise<void> {
    // The first answer comes a while after the sending of what it is about began.
    for (const speed of Object.values(this.#speeds)) speed.begin(performance.now())
    const outcome = await this.#pusher.pushAll(to)
    if (outcome === 'nothing-left') this.#dispatch({ kind: 'nothing-left' })
    if (typeof outcome === 'object') this.#dispatch({ ...outcome, kind: 'budget-spent' })
    if (outcome !== 'more-written') this.#speedsEnd()
  }

  #speedsEnd(): void {
    for (const speed of Object.values(this.#speeds)) speed.end()
  }

  async #rest(): Promise<void> {
    const refusedAtMs = this.#pusher.retryRefusedAtMs
    await this.#eventOr(Math.min(refusedAtMs, this.#compareAtMs))
    if (this.#state.kind !== 'idle') return
    if (performance.now() >= this.#compareAtMs) this.#dispatch({ kind: 'compare-due' })
    else if (performance.now() >= refusedAtMs) this.#dispatch({ kind: 'retry-due' })
  }

  async #wait(state: PushState & { kind: 'waiting' }): Promise<void> {
    const watching = new AbortController()
    void networkChange(watching.signal).then(() => {
      if (!watching.signal.aborted) this.#dispatch({ kind: 'link-back' })
    })
    await this.#eventOr(state.retryAtMs)
    watching.abort()
    if (this.#state === state && performance.now() >= state.retryAtMs) this.#dispatch({ kind: 'retry-due' })
  }

  async #restForBudget(state: PushState & { kind: 'resting' }): Promise<void> {
    const nowMs = performance.now()
    const untilMs = nowMs + Math.min(state.untilMs - this.dependencies.now().getTime(), LOOK_AT_CLOCK_EVERY_MS)
    await this.#eventOr(Math.min(untilMs, this.#compareAtMs))
    if (this.#state !== state) return
    if (performance.now() >= this.#compareAtMs) this.#dispatch({ kind: 'compare-due' })
    else if (this.dependencies.budget.allowance('history').kind === 'go') this.#dispatch({ kind: 'retry-due' })
  }

  #event(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#aborter.signal.aborted) return resolve()
      this.#wakeUp = resolve
    })
  }

  /** @param atMs  of the monotonic clock */
  async #eventOr(atMs: number): Promise<void> {
    const timer = new AbortController()
    await Promise.race([this.#event(), pause(Math.max(0, atMs - performance.now()), timer.signal)])
    timer.abort()
  }
}

function isSame(a: HubAccess, b: HubAccess): boolean {
  return a.syncUrl === b.syncUrl && a.nodeName === b.nodeName && a.syncPassword === b.syncPassword
}
