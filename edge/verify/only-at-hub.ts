import { itemsIn, textOf } from '../../protocol/verify-digest'

/** More of them in one place are not listed: the ids around them are asked for without the gap between them. */
const MOST_IN_GAP = 1_000
/** So many places are remembered. What is forgotten is found again, at the cost of a list. */
const MOST_GAPS = 5_000
const SKIPPED = 'skipped'

/**
 * Documents of this facility that the hub has and the edge has not: of a machine that was replaced, or from after the backup
 * that the edge was restored from. They are no fault, and the edge learns nothing of them but their items; it remembers those, by
 * the id of its own that follows them, or the ranges would look different every time.
 */
export class OnlyAtHub {
  readonly #before: Map<string, readonly bigint[] | typeof SKIPPED>

  constructor(kept: Readonly<Record<string, string>> = {}) {
    this.#before = new Map(
      Object.entries(kept).map(([id, text]) => [id, text === SKIPPED ? SKIPPED : itemsIn(text)] as const),
    )
  }

  get count(): number {
    let count = 0
    for (const items of this.#before.values()) if (items !== SKIPPED) count += items.length
    return count
  }

  /** Those between the id and the edge's own before it. */
  before(id: string): readonly bigint[] {
    const items = this.#before.get(id)
    return items === undefined || items === SKIPPED ? [] : items
  }

  /** Whether there are too many before this id to compare them. */
  isSkipped(id: string): boolean {
    return this.#before.get(id) === SKIPPED
  }

  learn(id: string, items: readonly bigint[]): void {
    this.#before.delete(id)
    if (items.length === 0 || this.#before.size >= MOST_GAPS) return
    this.#before.set(id, items.length > MOST_IN_GAP ? SKIPPED : items)
  }

  skip(id: string): void {
    this.#before.set(id, SKIPPED)
  }

  toJSON(): Record<string, string> {
    return Object.fromEntries([...this.#before].map(([id, items]) => [id, items === SKIPPED ? SKIPPED : textOf(items)]))
  }
}
