import { pause } from '../../runtime/back-off'
import { type Batch, cut, type Most, type OutgoingDocument, readDocument, readOn, sizeOf } from './batch-reader'
import type { Allowance } from './budget'
import type { BudgetKeeper } from './budget-keeper'
import type { CheckpointKeeper } from './checkpoint-keeper'
import { type Asking, type Push, type PushOutcome, push } from './push'
import { StaleCheckpoint } from './push-failure'
import { BATCH_BYTES, BATCH_GROWTH, BATCH_MS } from './push-state'
import type { RefusedList } from './refused-list'
import { withoutSecondPatients } from './second-patients'
import type { WaitingRecords } from './waiting-records'

export interface PusherParts {
  database: PouchDB.Database
  externalId: string
  refused: RefusedList
  checkpoints: CheckpointKeeper
  waiting: WaitingRecords
  budget: BudgetKeeper
  now: () => Date
  /** What a batch may hold now. */
  batchBytes: () => number
  /** @param bytes  of the documents as JSON */
  onAcknowledged: (tookMs: number, bytes: number) => void
  onSplit: () => void
}

const BATCH_DOCUMENTS = 2_000
/** A visit is written as several documents in a row; waiting this long sends them as one batch. */
const GATHER_MS = 200
/** R8: a lost checkpoint costs a comparison, so it is not written after every batch. */
const CHECKPOINT_EVERY_MS = 5_000
/** R14. */
const RETRY_REFUSED_EVERY_MS = 15 * 60_000
const REFUSED_PAGE = 200
/** A day's visitors go in several requests, so that those who were first don't wait for the last. */
const URGENT_DOCUMENTS = 200
/** R28. */
const AGAIN_DOCUMENTS = 200

/** R25: what is left is history, and waits for its budget. */
export type Rest = Allowance & { kind: 'wait' }

/** Takes batch after batch to a hub, and records what it said. It knows no states: what fails is thrown. */
export class Pusher {
  #since = 0
  #asking: Asking = 'first'
  #writes = 0
  #retryRefusedAtMs = 0
  /** Somebody has asked for it: then also what was refused in this very round is sent again. */
  #isRetryAsked = false
  /** R8: on a link that breaks often, the first batch that came through is worth a checkpoint of its own. */
  #isFragile = false
  /** What has a higher sequence was written since, so no hub can have it yet. */
  #seqAtCompare = 0
  /** The first batch after a comparison, read while the hub was asked. */
  #firstAhead: { batch: Promise<Batch>; writes: number } | undefined
  /** Acknowledged once, and found missing at the hub since. */
  readonly #again = new Set<string>()

  constructor(private readonly parts: PusherParts) {}

  /** Documents were written. */
  noteWrite(): void {
    this.#writes++
  }

  /** R28: these go once more with the next round, whatever the checkpoints say of them. */
  sendAgain(ids: Iterable<string>): void {
    for (const id of ids) this.#again.add(id)
    this.#writes++
  }

  retryRefusedNow(): void {
    this.#retryRefusedAtMs = 0
    this.#isRetryAsked = true
  }

  /** When refused documents are due to be sent again, by the monotonic clock; never where there are none. */
  get retryRefusedAtMs(): number {
    return this.parts.refused.count === 0 ? Number.POSITIVE_INFINITY : this.#retryRefusedAtMs
  }

  /** R2, R3: where both ends go on. `contested` (R18): another machine pushes as this node; it is told so too. */
  async compare({ hub, signal }: Push, isFragile: boolean): Promise<'ready' | 'contested'> {
    this.#isFragile = isFragile
    const { checkpoints, waiting, database } = this.parts
    const { own } = checkpoints
    const ahead = isFragile ? undefined : this.#readAhead(own)
    const { seq, isContested, isNew } = await checkpoints.compare(hub, signal)
    if (isContested) {
      await checkpoints.moveTo(seq, hub, signal).catch(unlessStale)
      return 'contested'
    }
    this.#since = seq
    this.#firstAhead = ahead && seq === own ? ahead : this.#readAhead(seq)
    this.#asking = isNew ? 'none' : 'first'
    this.#seqAtCompare = isNew ? 0 : Number((await database.info()).update_seq)
    waiting.restartAt(seq)
    waiting.look()
    return 'ready'
  }

  /** Sends until nothing is left; what follows is read while a batch is on its way. Throws StaleCheckpoint. */
  async pushAll(to: Push): Promise<'nothing-left' | 'more-written' | Rest> {
    const { checkpoints, waiting, budget } = this.parts
    const startedAt = this.parts.now()
    if (!this.#firstAhead) await pause(GATHER_MS, to.signal)
    let checkpointed = this.#since
    let checkpointDueMs = performance.now() + (this.#isFragile ? 0 : CHECKPOINT_EVERY_MS)
    let { writes, batch: next } = this.#firstAhead ?? this.#readAhead(this.#since)
    this.#firstAhead = undefined
    for (;;) {
      const read = await next
      to.signal.throwIfAborted()
      const [batch, later] = cut(read, this.#most(1))
      const isLast = batch.lastSeq === this.#since
      // R24: left out, because the hub has answered for them before their turn.
      const documents = batch.documents.filter((document) => !waiting.lane.isAnswered(document))
      const allowed = budget.allowance('history')
      const rest = allowed.kind === 'wait' && documents.length > 0 ? allowed : undefined
      await this.#sendUrgent(to, rest ? [] : documents)
      if ((isLast || rest || performance.now() > checkpointDueMs) && this.#since > checkpointed) {
        await checkpoints.moveTo(this.#since, to.hub, to.signal)
        checkpointed = this.#since
        checkpointDueMs = performance.now() + CHECKPOINT_EVERY_MS
      }
      if (isLast && writes === this.#writes) break
      if (rest && writes === this.#writes) return rest
      writes = this.#writes
      next = this.#readOn(rest ? read : later)
      if (rest) continue
      const outcome = await this.#send(to, documents, this.#asking)
      // R5: batches go in order, so once the hub lacked one, it lacks what follows.
      if (outcome?.someMissing) this.#asking = 'none'
      this.#since = batch.lastSeq
      waiting.answeredTo(batch.lastSeq)
    }
    const rest = await this.#sendAgain(to)
    if (rest) return rest
    await this.#sendRefusedAgain(to, startedAt)
    return writes === this.#writes ? 'nothing-left' : 'more-written'
  }

  #readAhead(since: number): { batch: Promise<Batch>; writes: number } {
    // Counted first: what is written while it reads may not be in it.
    return { writes: this.#writes, batch: this.#readOn({ documents: [], lastSeq: since }) }
  }

  /** As much as the next batch may hold by the time that its turn comes. */
  #readOn(begun: Batch): Promise<Batch> {
    const reading = readOn(this.parts.database, this.parts.externalId, begun, this.#most(BATCH_GROWTH))
    // Looked at only later: by then nobody may wait for it any more.
    reading.catch(() => undefined)
    return reading
  }

  #most(growth: number): Most {
    const allowed = this.parts.budget.allowance('history')
    // While it must wait, one document tells whether anything is left.
    if (allowed.kind === 'wait') return { bytes: 0, documents: 1 }
    const bytes = Math.min(allowed.bytes, this.parts.batchBytes() * growth, BATCH_BYTES.most)
    return { bytes, documents: BATCH_DOCUMENTS }
  }

  /** R23: what a waiting patient needs goes before the next batch, without those that are in it; no checkpoint moves. */
  async #sendUrgent(to: Push, going: readonly OutgoingDocument[]): Promise<void> {
    const { waiting, database, externalId, budget, batchBytes } = this.parts
    await waiting.catchUp()
    const goingIds = new Set(going.map(({ id }) => id))
    while (budget.allowance('urgent').kind === 'go') {
      const next = waiting.lane.next(URGENT_DOCUMENTS, goingIds)
      if (next.length === 0) return
      const ahead: { document: OutgoingDocument; seq: number }[] = []
      let bytes = 0
      for (const { id, seq } of next) {
        const document = await readDocument(database, externalId, id)
        // It is kept back since: its turn tells.
        if (document.revs.length === 0) waiting.lane.drop(id)
        else ahead.push({ document, seq })
        bytes += sizeOf(document)
        if (bytes >= batchBytes()) break
      }
      const isNew = ahead.every(({ seq }) => seq > this.#seqAtCompare)
      const documents = ahead.map(({ document }) => document)
      await this.#send(to, documents, isNew ? 'none' : 'first')
      for (const { document, seq } of ahead) waiting.answeredAhead(document, seq)
    }
  }

  async #send(to: Push, documents: readonly OutgoingDocument[], asking: Asking): Promise<PushOutcome | undefined> {
    if (documents.length === 0) return undefined
    const { refused, checkpoints, now, onAcknowledged, onSplit, batchBytes } = this.parts
    const { going, kept } = await withoutSecondPatients(refused, documents)
    // R7: on the disk before the checkpoint may pass them.
    if (kept.length > 0) await refused.record(kept, now().toISOString())
    if (going.length === 0) return undefined
    await checkpoints.claim(to.hub, to.signal)
    const startedMs = performance.now()
    const outcome = await push(to, going, asking)
    if (outcome.split) onSplit()
    const at = now().toISOString()
    if (outcome.refused.length > 0) await refused.record(outcome.refused, at)
    await refused.clear(outcome.held)
    if (outcome.held.length > 0) checkpoints.lastAcknowledgedAt = at
    const bytes = going.reduce((sum, document) => sum + sizeOf(document), 0)
    const tookMs = performance.now() - startedMs
    // R4: a small batch that was quick says nothing about a large one.
    onAcknowledged(bytes * 2 < batchBytes() ? Math.max(tookMs, BATCH_MS) : tookMs, bytes)
    return outcome
  }

  /** R28: they stay in mind until the hub has answered for them. */
  async #sendAgain(to: Push): Promise<Rest | undefined> {
    const { database, externalId, batchBytes, budget } = this.parts
    while (this.#again.size > 0) {
      const allowed = budget.allowance('history')
      if (allowed.kind === 'wait') return allowed
      const ids: string[] = []
      const documents: OutgoingDocument[] = []
      let bytes = 0
      for (const id of this.#again) {
        const document = await readDocument(database, externalId, id)
        ids.push(id)
        // None where it is kept back since.
        if (document.revs.length > 0) documents.push(document)
        bytes += sizeOf(document)
        if (bytes >= batchBytes() || ids.length >= AGAIN_DOCUMENTS) break
      }
      await this.#send(to, documents, 'none')
      for (const id of ids) this.#again.delete(id)
    }
    return undefined
  }

  /** R14: a refusal is not the last word. What was refused in this very round is not sent a second time in it. */
  async #sendRefusedAgain(to: Push, startedAt: Date): Promise<void> {
    const { refused, budget } = this.parts
    if (performance.now() < this.#retryRefusedAtMs) return
    this.#retryRefusedAtMs = performance.now() + RETRY_REFUSED_EVERY_MS
    const isAsked = this.#isRetryAsked
    this.#isRetryAsked = false
    for (let after = ''; budget.allowance('history').kind === 'go'; ) {
      const page = await refused.page(after, REFUSED_PAGE)
      if (page.length === 0) return
      after = page.at(-1)?.id ?? ''
      const due = isAsked ? page : page.filter(({ at }) => new Date(at) < startedAt)
      await this.#sendInBatches(
        to,
        due.map(({ id }) => id),
      )
    }
  }

  /** R4: they may have attachments, so they are read one by one, and no more are in memory than go at once. */
  async #sendInBatches(to: Push, ids: readonly string[]): Promise<void> {
    const { refused, database, externalId, batchBytes } = this.parts
    let batch: OutgoingDocument[] = []
    let bytes = 0
    for (const id of ids) {
      const document = await readDocument(database, externalId, id)
      if (document.revs.length === 0) {
        // One that is kept back since is not refused any more.
        await refused.clear([id])
        continue
      }
      if (batch.length > 0 && bytes + sizeOf(document) > batchBytes()) {
        await this.#send(to, batch, 'none')
        batch = []
        bytes = 0
      }
      batch.push(document)
      bytes += sizeOf(document)
    }
    await this.#send(to, batch, 'none')
  }
}

/** The comparison has told already what the hub's checkpoint says. */
function unlessStale(error: unknown): void {
  if (!(error instanceof StaleCheckpoint)) throw error
}
