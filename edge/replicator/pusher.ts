import { pause } from '../../runtime/back-off'
import { type Batch, readBatch, readDocument } from './batch-reader'
import type { CheckpointKeeper } from './checkpoint-keeper'
import type { HubConnection } from './hub-connection'
import type { PendingDocuments } from './pending-documents'
import { type Asking, push } from './push'
import type { RefusedList } from './refused-list'

export interface PusherParts {
  database: PouchDB.Database
  externalId: string
  refused: RefusedList
  checkpoints: CheckpointKeeper
  pending: PendingDocuments
  now: () => Date
  /** What a batch may hold now. */
  batchBytes: () => number
  onAcknowledged: (tookMs: number) => void
  onSplit: () => void
}

/** One life of a connection: ends when the engine stops or gets another hub. */
export interface Push {
  hub: HubConnection
  signal: AbortSignal
}

const BATCH_DOCUMENTS = 2_000
/** A visit is written as several documents in a row; waiting this long sends them as one batch. */
const GATHER_MS = 200
/** R8: a lost checkpoint costs a comparison, so it is not written after every batch. */
const CHECKPOINT_EVERY_MS = 5_000
/** R14. */
const RETRY_REFUSED_EVERY_MS = 15 * 60_000
const REFUSED_PAGE = 200

/** Takes batch after batch to a hub, and records what it said. It knows no states: what fails is thrown. */
export class Pusher {
  #since = 0
  #asking: Asking = 'first'
  #writes = 0
  #retryRefusedAtMs = 0

  constructor(private readonly parts: PusherParts) {}

  /** Documents were written. */
  noteWrite(): void {
    this.#writes++
  }

  retryRefusedNow(): void {
    this.#retryRefusedAtMs = 0
  }

  /** When refused documents are due to be sent again, by the monotonic clock; never where there are none. */
  get retryRefusedAtMs(): number {
    return this.parts.refused.count === 0 ? Number.POSITIVE_INFINITY : this.#retryRefusedAtMs
  }

  /** R2, R3: where both ends go on. `contested` (R18): another machine pushes as this node; it is told so too. */
  async compare({ hub, signal }: Push): Promise<'ready' | 'contested'> {
    const { checkpoints, pending } = this.parts
    const { seq, isContested } = await checkpoints.compare(hub, signal)
    if (isContested) {
      await checkpoints.moveTo(seq, hub, signal)
      return 'contested'
    }
    this.#since = seq
    this.#asking = 'first'
    pending.restartAt(seq)
    return 'ready'
  }

  /**
   * Sends until nothing is left; the next batch is read while one is on its way. `stale`: the hub's checkpoint is not the
   * one that we know, and both have to be compared.
   */
  async pushAll(to: Push): Promise<'nothing-left' | 'more-written' | 'stale'> {
    const startedAt = this.parts.now()
    await pause(GATHER_MS, to.signal)
    let checkpointed = this.#since
    let checkpointDueMs = performance.now() + CHECKPOINT_EVERY_MS
    let writes = this.#writes
    let next = this.#read(this.#since)
    for (;;) {
      const batch = await next
      to.signal.throwIfAborted()
      const isLast = batch.lastSeq === this.#since
      if ((isLast || performance.now() > checkpointDueMs) && this.#since > checkpointed) {
        if ((await this.parts.checkpoints.moveTo(this.#since, to.hub, to.signal)) === 'stale') return 'stale'
        checkpointed = this.#since
        checkpointDueMs = performance.now() + CHECKPOINT_EVERY_MS
      }
      if (isLast && writes === this.#writes) break
      writes = this.#writes
      next = this.#read(batch.lastSeq)
      // Looked at only after the batch has been sent: by then nobody may wait for it any more.
      next.catch(() => undefined)
      await this.#send(to, batch.documents, this.#asking)
      this.#since = batch.lastSeq
      this.parts.pending.answeredTo(batch.lastSeq)
    }
    await this.#sendRefusedAgain(to, startedAt)
    return writes === this.#writes ? 'nothing-left' : 'more-written'
  }

  #read(since: number): Promise<Batch> {
    const { database, externalId, batchBytes } = this.parts
    return readBatch(database, externalId, since, { bytes: batchBytes(), documents: BATCH_DOCUMENTS })
  }

  async #send({ hub, signal }: Push, documents: Batch['documents'], asking: Asking): Promise<void> {
    if (documents.length === 0) return
    const { refused, checkpoints, now, onAcknowledged, onSplit } = this.parts
    const startedMs = performance.now()
    const outcome = await push(hub, documents, asking, signal)
    // R5: batches go in order, so once the hub lacked one, it lacks what follows.
    if (outcome.someMissing) this.#asking = 'none'
    if (outcome.split) onSplit()
    const at = now().toISOString()
    // R7: on the disk before the checkpoint may pass them.
    if (outcome.refused.length > 0) await refused.record(outcome.refused, at)
    await refused.clear(outcome.held)
    if (outcome.held.length > 0) checkpoints.lastAcknowledgedAt = at
    onAcknowledged(performance.now() - startedMs)
  }

  /** R14: a refusal is not the last word. What was refused in this very round is not sent a second time in it. */
  async #sendRefusedAgain(to: Push, startedAt: Date): Promise<void> {
    const { refused, database } = this.parts
    if (performance.now() < this.#retryRefusedAtMs) return
    this.#retryRefusedAtMs = performance.now() + RETRY_REFUSED_EVERY_MS
    for (let after = ''; ; ) {
      const page = await refused.page(after, REFUSED_PAGE)
      if (page.length === 0) return
      after = page.at(-1)?.id ?? ''
      const documents = []
      for (const { id, at } of page) if (new Date(at) < startedAt) documents.push(await readDocument(database, id))
      await this.#send(to, documents, 'none')
    }
  }
}
