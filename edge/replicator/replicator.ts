import { pause } from '../../runtime/back-off'
import type { Log } from '../../runtime/log'
import type { Stoppable } from '../../runtime/service'
import type { RefusedDocument } from '../../schemas/generated/types'
import { type Batch, readBatch, readDocument } from './batch-reader'
import { CheckpointKeeper } from './checkpoint-keeper'
import { type HubAccess, HubConnection } from './hub-connection'
import { PendingDocuments } from './pending-documents'
import { push } from './push'
import { FAILURE_SENTENCES, PushFailure } from './push-failure'
import { INITIAL, nextState, type PushEvent, type PushState } from './push-state'
import type { RefusedList } from './refused-list'

export interface ReplicatorDependencies {
  database: PouchDB.Database
  externalId: string
  refused: RefusedList
  /** A new one for each life of the process. */
  sessionId: string
  now: () => Date
  random: () => number
  log: Log
  /** The hub does not take the credentials: whoever keeps them asks for new ones. */
  onUnauthorized: () => void
  /** The hub answers again, after tries that failed. */
  onReachable: () => void
}

/** The part `sync` of GET /status. */
export interface SyncStatus {
  state: string
  pendingDocuments: number
  refusedDocuments: number
  lastAcknowledgedAt: string | null
  bytesSent: number
  retryAt?: string
  /** What a person needs to know while it waits. */
  reason?: string
}

const BATCH_DOCUMENTS = 2_000
/** A visit is written as several documents in a row; waiting this long sends them as one batch. */
const GATHER_MS = 200
/** R8: a lost checkpoint costs a comparison, so it is not written after every batch. */
const CHECKPOINT_EVERY_MS = 5_000
/** R14. */
const RETRY_REFUSED_EVERY_MS = 15 * 60_000
const REFUSED_PAGE = 200

/** Drives the state machine of push-state.ts; the rules are in SPEC.md. Nothing that happens here stops it for good. */
export class Replicator implements Stoppable {
  readonly #aborter = new AbortController()
  readonly #pending: PendingDocuments
  readonly #checkpoints: CheckpointKeeper
  #state: PushState = INITIAL
  #hub: HubConnection | undefined
  #since = 0
  /** R5: set until the hub has lacked a whole batch; what follows it was never sent. */
  #asking = true
  #writes = 0
  #retryRefusedAtMs = 0
  #wakeUp: () => void = () => {}
  #running: Promise<void> | undefined

  constructor(private readonly dependencies: ReplicatorDependencies) {
    this.#pending = new PendingDocuments(dependencies.database, dependencies.externalId)
    this.#checkpoints = new CheckpointKeeper(dependencies.database, dependencies.sessionId)
  }

  /** Reads its own checkpoint and begins; does not wait for the hub. */
  async start(): Promise<this> {
    this.#pending.restartAt(await this.#checkpoints.readOwn())
    this.#running ??= this.#run()
    return this
  }

  async stop(): Promise<void> {
    this.#aborter.abort()
    this.#wakeUp()
    await this.#running
    await this.#hub?.close()
  }

  /** Where to push from now on; undefined for nowhere, until there is a hub that takes us. */
  useAccess(access: HubAccess | undefined): void {
    const before = this.#hub
    if (before && access && isSame(before.access, access)) return
    this.#hub = access && new HubConnection(access, (bytes) => (this.#checkpoints.bytesSent += bytes))
    if (before) void before.close()
    this.#dispatch({ kind: access ? 'credentials-arrived' : 'credentials-lost' })
  }

  /** Documents were written. */
  wake(): void {
    this.#writes++
    this.#dispatch({ kind: 'written' })
  }

  /** Sends the refused documents once more, now. */
  retryRefused(): void {
    this.#retryRefusedAtMs = 0
    this.#dispatch({ kind: 'retry-due' })
  }

  refusedPage(after: string, limit: number): Promise<RefusedDocument[]> {
    return this.dependencies.refused.page(after, limit)
  }

  async status(): Promise<SyncStatus> {
    const state = this.#state
    return {
      state: state.kind,
      pendingDocuments: await this.#pending.count(),
      refusedDocuments: this.dependencies.refused.count,
      lastAcknowledgedAt: this.#checkpoints.lastAcknowledgedAt,
      bytesSent: this.#checkpoints.bytesSent,
      ...(state.kind === 'waiting'
        ? { retryAt: new Date(state.retryAtMs).toISOString(), reason: FAILURE_SENTENCES[state.cause] }
        : {}),
    }
  }

  #dispatch(event: PushEvent): void {
    this.#state = nextState(this.#state, event)
    this.#wakeUp()
  }

  async #run(): Promise<void> {
    while (!this.#aborter.signal.aborted) {
      const state = this.#state
      switch (state.kind) {
        case 'unregistered':
          await this.#event()
          break
        case 'comparing':
          await this.#try((hub) => this.#compare(hub))
          break
        case 'pushing':
          await this.#try((hub) => this.#pushAll(hub))
          break
        case 'idle':
          await this.#eventOr(this.#retryRefusedAtMs)
          break
        case 'waiting':
          await this.#eventOr(state.retryAtMs)
          break
      }
    }
  }

  async #try(step: (hub: HubConnection) => Promise<void>): Promise<void> {
    const hub = this.#hub
    if (!hub) return this.#dispatch({ kind: 'credentials-lost' })
    try {
      await step(hub)
    } catch (error) {
      // An answer, or a failure, that belongs to a connection of before.
      if (this.#aborter.signal.aborted || hub !== this.#hub) return
      this.#failed(error)
    }
  }

  #failed(error: unknown): void {
    const { log, now, random, onUnauthorized } = this.dependencies
    const failure = error instanceof PushFailure ? error : new PushFailure('edge-fault', { cause: error })
    if (failure.kind === 'edge-fault') log.error({ err: error }, 'the push failed by a fault of the edge')
    else log.warn({ cause: failure.kind, err: failure.cause }, 'the push failed and will be tried again')
    if (failure.kind === 'unauthorized') onUnauthorized()
    this.#dispatch({
      kind: 'failed',
      cause: failure.kind,
      atMs: now().getTime(),
      jitter: random(),
      ...(failure.retryAfterMs === undefined ? {} : { retryAfterMs: failure.retryAfterMs }),
    })
  }

  async #compare(hub: HubConnection): Promise<void> {
    this.#since = await this.#checkpoints.compare(hub, this.#aborter.signal)
    this.#asking = true
    this.#pending.restartAt(this.#since)
    const wasFailing = 'failures' in this.#state && this.#state.failures > 0
    this.#dispatch({ kind: 'compared' })
    if (wasFailing) this.dependencies.onReachable()
  }

  /** Batch after batch; the next one is read while one is on its way. */
  async #pushAll(hub: HubConnection): Promise<void> {
    const startedAt = this.dependencies.now()
    await pause(GATHER_MS, this.#aborter.signal)
    let checkpointed = this.#since
    let checkpointDueMs = performance.now() + CHECKPOINT_EVERY_MS
    let writes = this.#writes
    let next = this.#read(this.#since)
    for (;;) {
      const batch = await next
      if (this.#aborter.signal.aborted || hub !== this.#hub || this.#state.kind !== 'pushing') return
      const isLast = batch.lastSeq === this.#since
      if (isLast || performance.now() > checkpointDueMs) {
        if (this.#since > checkpointed) await this.#checkpoints.moveTo(this.#since, hub, this.#aborter.signal)
        checkpointed = this.#since
        checkpointDueMs = performance.now() + CHECKPOINT_EVERY_MS
      }
      if (isLast && writes === this.#writes) break
      writes = this.#writes
      next = this.#read(batch.lastSeq)
      // Looked at only after the batch has been sent: by then nobody may wait for it any more.
      next.catch(() => undefined)
      await this.#send(hub, batch.documents)
      this.#since = batch.lastSeq
      this.#pending.answeredTo(batch.lastSeq)
    }
    await this.#sendRefusedAgain(hub, startedAt)
    if (writes === this.#writes) this.#dispatch({ kind: 'nothing-left' })
  }

  #read(since: number): Promise<Batch> {
    const { database, externalId } = this.dependencies
    return readBatch(database, externalId, since, { bytes: this.#state.batchBytes, documents: BATCH_DOCUMENTS })
  }

  async #send(hub: HubConnection, documents: Batch['documents']): Promise<void> {
    if (documents.length === 0) return
    const { refused, now } = this.dependencies
    const outcome = await push(hub, documents, this.#asking, this.#aborter.signal)
    if (outcome.allMissing) this.#asking = false
    if (outcome.split) this.#dispatch({ kind: 'split' })
    const at = now().toISOString()
    // R7: on the disk before the checkpoint may pass them.
    if (outcome.refused.length > 0) await refused.record(outcome.refused, at)
    await refused.clear(outcome.held)
    if (outcome.held.length > 0) this.#checkpoints.lastAcknowledgedAt = at
    this.#dispatch({ kind: 'acknowledged' })
  }

  /** R14: a refusal is not the last word. What was refused in this very round is not sent a second time in it. */
  async #sendRefusedAgain(hub: HubConnection, startedAt: Date): Promise<void> {
    const { refused, database, now } = this.dependencies
    if (now().getTime() < this.#retryRefusedAtMs) return
    this.#retryRefusedAtMs = now().getTime() + RETRY_REFUSED_EVERY_MS
    for (let after = ''; ; ) {
      const page = await refused.page(after, REFUSED_PAGE)
      if (page.length === 0) return
      after = page.at(-1)?.id ?? ''
      const documents = []
      for (const { id, at } of page) if (new Date(at) < startedAt) documents.push(await readDocument(database, id))
      await this.#send(hub, documents)
    }
  }

  #event(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#aborter.signal.aborted) return resolve()
      this.#wakeUp = resolve
    })
  }

  async #eventOr(atMs: number): Promise<void> {
    const { now } = this.dependencies
    const timer = new AbortController()
    const before = this.#state
    await Promise.race([this.#event(), pause(Math.max(0, atMs - now().getTime()), timer.signal)])
    timer.abort()
    if (this.#state === before && now().getTime() >= atMs) this.#dispatch({ kind: 'retry-due' })
  }
}

function isSame(a: HubAccess, b: HubAccess): boolean {
  return a.syncUrl === b.syncUrl && a.nodeName === b.nodeName && a.syncPassword === b.syncPassword
}
