import { owns } from '../../protocol/owns'

const PAGE_DOCUMENTS = 1_000

/**
 * How many documents the hub has not answered for yet: counted, not guessed. Looks at ids alone, so a document that is
 * kept back (`localOnly`) counts until the replicator has passed it.
 */
export class PendingDocuments {
  /** The sequence of each waiting document's newest change, oldest first. */
  readonly #waiting = new Map<string, number>()
  #countedTo = 0

  constructor(
    readonly database: PouchDB.Database,
    readonly externalId: string,
  ) {}

  /** Begins anew: everything after this sequence waits. */
  restartAt(seq: number): void {
    this.#waiting.clear()
    this.#countedTo = seq
  }

  /** The hub has answered for everything up to this sequence. */
  answeredTo(seq: number): void {
    for (const [id, newest] of this.#waiting) {
      if (newest > seq) break
      this.#waiting.delete(id)
    }
    this.#countedTo = Math.max(this.#countedTo, seq)
  }

  async count(): Promise<number> {
    for (;;) {
      const page = await this.database.changes({ since: this.#countedTo, limit: PAGE_DOCUMENTS })
      for (const row of page.results) {
        const seq = Number(row.seq)
        // The hub may have answered for this one while the page was read.
        if (seq <= this.#countedTo) continue
        this.#countedTo = seq
        if (!owns(this.externalId, row.id)) continue
        this.#waiting.delete(row.id)
        this.#waiting.set(row.id, seq)
      }
      if (page.results.length < PAGE_DOCUMENTS) return this.#waiting.size
    }
  }
}
