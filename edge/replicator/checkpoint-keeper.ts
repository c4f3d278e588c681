import { type Checkpoint, checkpointOf, commonSequence, isContested, movedTo } from './checkpoint'
import type { HubConnection } from './hub-connection'
import { PushFailure } from './push-failure'

const ID = 'lontar-push'

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
    return this.#own?.source_last_seq ?? 0
  }

  /** Where to go on (R2, R3), and whether another machine has pushed as this node since we did (R18). */
  async compare(hub: HubConnection, signal: AbortSignal): Promise<{ seq: number; isContested: boolean }> {
    const { status, body } = await hub.ask('GET', `/_local/${ID}`, undefined, signal)
    const rev = revOf(body)
    const checkpoint = checkpointOf(body)
    this.#atHub =
      status === 404 ? undefined : { ...(checkpoint ?? movedTo(undefined, '', 0)), ...(rev ? { _rev: rev } : {}) }
    if (checkpoint?.session_id === this.sessionId && checkpoint.source_last_seq > (this.#own?.source_last_seq ?? 0)) {
      // Nobody else writes in this session: the hub's end was moved, and the answer that said so was lost.
      this.#own = movedTo(this.#own, this.sessionId, checkpoint.source_last_seq)
      await this.#writeRecord()
    }
    return { seq: commonSequence(this.#own, checkpoint), isContested: isContested(checkpoint, this.sessionId) }
  }

  /** R8: the hub's end first. Between the two a crash leaves the smaller number at one end, which is where both go on. */
  async moveTo(seq: number, hub: HubConnection, signal: AbortSignal): Promise<'moved' | 'stale'> {
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
    // An answer was lost, the hub was restored, or another machine pushes as this node: the comparison tells which.
    if (status === 409) return 'stale'
    if (status >= 300 || rev === undefined) throw new PushFailure('hub-fault')
    this.#atHub = { ...atHub, _rev: rev }
    this.#own = movedTo(this.#own, this.sessionId, seq)
    await this.#writeRecord()
    return 'moved'
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
