import { PUSH_CHECKPOINT } from '../../protocol/push-checkpoint'
import { type Checkpoint, checkpointOf, commonSequence, isContested as isContestedBy, movedTo } from './checkpoint'
import type { HubConnection } from './hub-connection'
import { PushFailure, StaleCheckpoint } from './push-failure'

const ID = PUSH_CHECKPOINT

/** What the edge keeps of the push, in a `_local` document of the records' database: restored with it, or lost with it. */
interface OwnRecord extends Partial<Checkpoint> {
  batchBytes?: number
  lastAcknowledgedAt?: string
  bytesSent?: number
}

/** The checkpoint at both ends. */
export class CheckpointKeeper {
  lastAcknowledgedAt: string | null = null
  bytesSent = 0
  /** What a batch may hold, remembered over restarts (R4). */
  batchBytes: number | undefined
  #own: Checkpoint | undefined
  #atHub: (Checkpoint & { _rev?: string }) | undefined
  /** Where both ends said to go on, when they were compared. */
  #agreed = 0

  constructor(
    private readonly database: PouchDB.Database,
    private readonly sessionId: string,
  ) {}

  /** Reads the edge's own end, and answers how far it says the hub is. */
  async readOwn(): Promise<number> {
    const record = await this.#readRecord()
    this.lastAcknowledgedAt = record?.lastAcknowledgedAt ?? null
    this.bytesSent = record?.bytesSent ?? 0
    this.batchBytes = record?.batchBytes
    this.#own = checkpointOf(record)
    return this.own
  }

  /** How far the edge's own end says that the hub is. */
  get own(): number {
    return this.#own?.source_last_seq ?? 0
  }

  /**
   * Where to go on (R2, R3), and whether another machine has pushed as this node since we did (R18). `isNew`: neither end
   * knows of any push, so the hub has nothing of ours (R5).
   */
  async compare(
    hub: HubConnection,
    signal: AbortSignal,
  ): Promise<{ seq: number; isContested: boolean; isNew: boolean }> {
    const { status, body } = await hub.ask('GET', `/_local/${ID}`, undefined, signal)
    const rev = revOf(body)
    const checkpoint = checkpointOf(body)
    const isNew = status === 404 && this.#own === undefined
    this.#atHub =
      status === 404 ? undefined : { ...(checkpoint ?? movedTo(undefined, '', 0)), ...(rev ? { _rev: rev } : {}) }
    if (checkpoint?.session_id === this.sessionId && checkpoint.source_last_seq > this.own) {
      // Nobody else writes in this session: the hub's end was moved, and the answer that said so was lost.
      this.#own = movedTo(this.#own, this.sessionId, checkpoint.source_last_seq)
      await this.#writeRecord()
    }
    const isContested = isContestedBy(checkpoint, this.sessionId)
    this.#agreed = commonSequence(this.#own, checkpoint)
    return { seq: this.#agreed, isContested, isNew }
  }

  /**
   * R29: this session is the current one at the hub before anything of it is sent; costs a request once in the life of a
   * process. Claims no more than both ends agreed on. Throws StaleCheckpoint.
   */
  async claim(hub: HubConnection, signal: AbortSignal): Promise<void> {
    if (this.#atHub?.session_id !== this.sessionId) await this.#moveHub(this.#agreed, hub, signal)
  }

  /**
   * R8: the hub's end first. Between the two a crash leaves the smaller number at one end, which is where both go on. Throws
   * StaleCheckpoint.
   */
  async moveTo(seq: number, hub: HubConnection, signal: AbortSignal): Promise<void> {
    await this.#moveHub(seq, hub, signal)
    this.#own = movedTo(this.#own, this.sessionId, seq)
    await this.#writeRecord()
  }

  async #moveHub(seq: number, hub: HubConnection, signal: AbortSignal): Promise<void> {
    const atHub = {
      ...movedTo(this.#atHub, this.sessionId, seq),
      ...(this.#atHub?._rev ? { _rev: this.#atHub._rev } : {}),
    }
    const { status, body } = await hub.ask(
      'PUT',
      `/_local/${ID}`,
      JSON.stringify({ _id: `_local/${ID}`, ...atHub }),
      signal,
    )
    const rev = revOf(body)
    if (status === 409) throw new StaleCheckpoint()
    if (status >= 300 || rev === undefined) throw new PushFailure('hub-fault')
    this.#atHub = { ...atHub, _rev: rev }
  }

  async #readRecord(): Promise<(OwnRecord & { _rev: string }) | undefined> {
    try {
      return await this.database.get<OwnRecord>(`_local/${ID}`)
    } catch (error) {
      if (typeof error === 'object' && error !== null && 'status' in error && error.status === 404) return undefined
      throw error
    }
  }

  async #writeRecord(): Promise<void> {
    const rev = (await this.#readRecord())?._rev
    await this.database.put<OwnRecord>({
      _id: `_local/${ID}`,
      ...(rev ? { _rev: rev } : {}),
      ...this.#own,
      ...(this.lastAcknowledgedAt ? { lastAcknowledgedAt: this.lastAcknowledgedAt } : {}),
      bytesSent: this.bytesSent,
      ...(this.batchBytes === undefined ? {} : { batchBytes: this.batchBytes }),
    })
  }
}

/** A document has its revision in `_rev`, the answer to a write in `rev`. */
function revOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  if ('_rev' in body && typeof body._rev === 'string') return body._rev
  return 'rev' in body && typeof body.rev === 'string' ? body.rev : undefined
}
