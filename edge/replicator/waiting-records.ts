import { isSent } from '../../protocol/push-rules'
import { pause } from '../../runtime/back-off'
import type { OutgoingDocument } from './batch-reader'
import { type LaneDocument, laneOf, URGENT_TYPES } from './lane'
import { UrgentLane } from './urgent-lane'
import { type Waiting, WaitingList } from './waiting-list'

/** What waits for the hub's answer. */
export interface WaitingCounts {
  documents: number
  bytes: number
  urgent: number
  oldestAt: string | null
}

interface Row {
  id: string
  seq: number
  doc: (LaneDocument & { _id: string }) | undefined
}

const PAGE_DOCUMENTS = 250
/** Reading ahead leaves this many parts of the time to the push, which reads the same documents. */
const PARTS_LEFT = 4

/**
 * The documents that the hub has not answered for: each change is read once, after it was written, so what /status says
 * costs no scan. After a start the backlog is read page by page, beside the push; where the push is faster, it is not read.
 */
export class WaitingRecords {
  readonly lane = new UrgentLane()
  /** Read again after the hub turned out to be less far than we knew: everything up to `#gapTo`. */
  readonly #gap = new WaitingList()
  /** Went ahead, and was forgotten. */
  readonly #returned = new WaitingList()
  readonly #rest = new WaitingList()
  readonly #lists = [this.#gap, this.#returned, this.#rest]
  #gapRead = 0
  #gapTo = 0
  #answeredTo = 0
  #readTo = 0
  /** Another one after each restart: a page that was read for an earlier one says nothing. */
  #round = 0
  #lastAtSeconds = 0
  #urgentTypes = URGENT_TYPES
  #reading: Promise<boolean> = Promise.resolve(true)
  #loop: Promise<void> | undefined

  constructor(
    private readonly database: PouchDB.Database,
    private readonly externalId: string,
    private readonly now: () => Date,
    private readonly signal: AbortSignal,
    private readonly onFault: (error: unknown) => void,
  ) {}

  /** Both ends agree that the hub is so far (R3); what follows waits. */
  restartAt(seq: number): void {
    this.#comeBack(this.lane.forgetAnswered())
    if (seq >= this.#answeredTo) {
      this.answeredTo(seq)
      return
    }
    this.#round++
    this.#gapTo = Math.max(this.#gapTo, this.#answeredTo)
    this.#gapRead = seq
    this.#gap.clear()
    this.#answeredTo = seq
  }

  /** R22: which types go first from now on; what waits is read anew for it. Undefined: as it is by itself. */
  useUrgentTypes(types: readonly string[] = URGENT_TYPES): void {
    if (types.join() === this.#urgentTypes.join()) return
    this.#urgentTypes = types
    this.#round++
    for (const list of this.#lists) list.clear()
    // What the hub has answered for ahead of its turn goes once more in it: that costs little, and seldom.
    this.lane.clear()
    this.#gapTo = 0
    this.#gapRead = 0
    this.#readTo = this.#answeredTo
    this.look()
  }

  /** The hub has answered for everything up to this sequence. */
  answeredTo(seq: number): void {
    for (const list of this.#lists) list.dropTo(seq)
    this.lane.passed(seq)
    this.#answeredTo = Math.max(this.#answeredTo, seq)
    this.#gapRead = Math.max(this.#gapRead, seq)
    this.#readTo = Math.max(this.#readTo, seq)
  }

  /** The hub has answered for these revisions, before their turn: the newest, unless the document has changed since `seq`. */
  answeredAhead(document: OutgoingDocument, seq: number): void {
    const waiting = this.#find(document.id)
    if (waiting?.seq !== seq) return
    this.#drop(document.id)
    this.lane.answered(document, waiting)
  }

  /** Something was written: reads it, and what else is unread, beside everything else. */
  look(): void {
    this.#loop ??= this.#readAll()
      .catch(this.onFault)
      .finally(() => {
        this.#loop = undefined
      })
  }

  /** What was just written, if that is all that is unread; a backlog is not waited for. */
  async catchUp(): Promise<void> {
    const unread = await this.#unread()
    if (unread === 0 || unread > PAGE_DOCUMENTS) return
    while (!this.signal.aborted) if (await this.#readPage()) return
  }

  /** What is unread counts as waiting: "nothing waits" is never said of what nobody has looked at. */
  async counts(): Promise<WaitingCounts> {
    await this.catchUp()
    const unread = await this.#unread()
    const sum = (of: (list: WaitingList) => number) => this.#lists.reduce((total, list) => total + of(list), 0)
    const known = sum(({ size }) => size)
    const bytes = sum((list) => list.bytes)
    const firsts = this.#lists.flatMap(({ first }) => first?.recordedAtSeconds ?? [])
    return {
      documents: known + unread,
      bytes: bytes + Math.round(known === 0 ? 0 : (unread * bytes) / known),
      urgent: sum(({ urgent }) => urgent),
      oldestAt: firsts.length === 0 ? null : new Date(Math.min(...firsts) * 1_000).toISOString(),
    }
  }

  async stop(): Promise<void> {
    await this.#loop
    await this.#reading.catch(() => undefined)
  }

  async #unread(): Promise<number> {
    const { update_seq } = await this.database.info()
    return Math.max(0, Number(update_seq) - this.#readTo) + Math.max(0, this.#gapTo - this.#gapRead)
  }

  async #readAll(): Promise<void> {
    while (!this.signal.aborted) {
      const startedMs = performance.now()
      if (await this.#readPage()) return
      await pause((performance.now() - startedMs) * PARTS_LEFT, this.signal)
    }
  }

  /** One page after the other, whoever asks. True at the end. */
  #readPage(): Promise<boolean> {
    this.#reading = this.#reading.then(
      () => this.#read(),
      () => this.#read(),
    )
    return this.#reading
  }

  async #read(): Promise<boolean> {
    const round = this.#round
    const inGap = this.#gapRead < this.#gapTo
    const since = inGap ? this.#gapRead : this.#readTo
    const { update_seq } = await this.database.info()
    const page = await this.database.changes({ since, limit: PAGE_DOCUMENTS, include_docs: true })
    if (round !== this.#round) return false
    for (const { id, seq, doc } of page.results) {
      this.#note({ id, seq: Number(seq), doc }, inGap)
    }
    if (page.results.length === PAGE_DOCUMENTS) return false
    if (inGap) this.#gapRead = this.#gapTo
    else this.#readTo = Math.max(this.#readTo, Number(update_seq))
    return !inGap
  }

  #note({ id, seq, doc }: Row, inGap: boolean): void {
    if (inGap ? seq <= this.#gapRead || seq > this.#gapTo : seq <= this.#readTo) {
      if (inGap && seq > this.#gapTo) this.#gapRead = this.#gapTo
      return
    }
    if (inGap) this.#gapRead = seq
    else this.#readTo = seq
    this.#drop(id)
    this.lane.drop(id)
    if (!doc || !isSent(this.externalId, doc)) return
    const at = Date.parse(doc.recordedAt ?? '')
    if (!Number.isNaN(at)) this.#lastAtSeconds = Math.floor(at / 1_000)
    const isUrgent = laneOf(doc, this.now(), this.#urgentTypes) === 'urgent' && this.lane.add(id, seq)
    const lane = isUrgent ? 'urgent' : 'history'
    const list = inGap ? this.#gap : this.#rest
    list.append(id, { seq, bytes: JSON.stringify(doc).length, recordedAtSeconds: this.#lastAtSeconds, lane })
  }

  #find(id: string): Waiting | undefined {
    for (const list of this.#lists) {
      const found = list.get(id)
      if (found) return found
    }
    return undefined
  }

  #drop(id: string): void {
    for (const list of this.#lists) list.drop(id)
  }

  #comeBack(forgotten: readonly [string, Waiting][]): void {
    if (forgotten.length === 0) return
    const all = [...this.#returned.entries(), ...forgotten].sort(([, a], [, b]) => a.seq - b.seq)
    this.#returned.clear()
    for (const [id, waiting] of all) this.#returned.append(id, { ...waiting, lane: 'history' })
  }
}
