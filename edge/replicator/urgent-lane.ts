import type { OutgoingDocument } from './batch-reader'
import type { Waiting } from './waiting-list'

/** So many are ahead of the others at the most; what is urgent beyond goes in its turn. Two hundred visits. */
export const MOST_AHEAD = 2_000

/**
 * What goes before its turn (R23), and what has gone: those documents are left out when their turn comes, if the hub has
 * answered for that very revision since the checkpoints were compared (R24).
 *
 *     waiting  s1 … s90000 history, s90001 urgent          sent: s90001, then s1 …
 *     at s90001                                            left out, if it is still the same revision
 */
export class UrgentLane {
  /** The sequence of each one that waits. */
  readonly #queue = new Map<string, number>()
  readonly #answered = new Map<string, { revs: ReadonlySet<string>; waiting: Waiting }>()

  /** False where there are too many already. */
  add(id: string, seq: number): boolean {
    this.#answered.delete(id)
    this.#queue.delete(id)
    if (this.#queue.size + this.#answered.size >= MOST_AHEAD) return false
    this.#queue.set(id, seq)
    return true
  }

  /** It does not wait any more, or is not urgent any more. */
  drop(id: string): void {
    this.#queue.delete(id)
    this.#answered.delete(id)
  }

  clear(): void {
    this.#queue.clear()
    this.#answered.clear()
  }

  /** Ids with the sequence of their newest change, those that wait longest first; without those that go anyway now. */
  next(most: number, going: ReadonlySet<string>): { id: string; seq: number }[] {
    const next: { id: string; seq: number }[] = []
    for (const [id, seq] of this.#queue) {
      if (next.length === most) break
      if (!going.has(id)) next.push({ id, seq })
    }
    return next
  }

  /** The hub has answered for these revisions, before their turn. */
  answered(document: OutgoingDocument, waiting: Waiting): void {
    this.#queue.delete(document.id)
    this.#answered.set(document.id, { revs: new Set(document.revs), waiting })
  }

  isAnswered({ id, revs }: OutgoingDocument): boolean {
    const answered = this.#answered.get(id)
    return answered !== undefined && revs.every((rev) => answered.revs.has(rev))
  }

  /** Everything up to here had its turn. */
  passed(seq: number): void {
    for (const [id, queued] of this.#queue) if (queued <= seq) this.#queue.delete(id)
    for (const [id, { waiting }] of this.#answered) if (waiting.seq <= seq) this.#answered.delete(id)
  }

  /**
   * R24: a hub that was restored from a backup may have lost what it answered for, and the checkpoint, which has not passed it,
   * would not tell. So a comparison forgets all that went ahead; it goes again in its turn.
   */
  forgetAnswered(): [string, Waiting][] {
    const forgotten = [...this.#answered].map(([id, { waiting }]): [string, Waiting] => [id, waiting])
    this.#answered.clear()
    return forgotten
  }
}
