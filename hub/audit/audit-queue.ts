import type { WriteOutcome } from './audit-database'
import type { Placing } from './chain-place'

/** As many entries go to the database at once; CouchDB takes far more, and a batch that fails fails whole. */
const MOST_IN_BATCH = 200
/** What waits is memory. */
const MOST_WAITING = 5_000

export interface Waiting {
  readonly placing: Placing
  readonly settle: (outcome: WriteOutcome, cause?: unknown) => void
}

/** Entries that wait for their turn. */
export class AuditQueue {
  #waiting: Waiting[] = []

  get size(): number {
    return this.#waiting.length
  }

  get isFull(): boolean {
    return this.#waiting.length >= MOST_WAITING
  }

  push(waiting: Waiting): void {
    this.#waiting.push(waiting)
  }

  /** What goes next. Of several with one id the first is sent, and what becomes of it tells what becomes of the others. */
  take(): Waiting[] {
    const taken = this.#waiting.splice(0, MOST_IN_BATCH)
    const twins = new Map<string, Waiting[]>()
    for (const waiting of taken) {
      const { _id } = waiting.placing.entry
      twins.set(_id, [...(twins.get(_id) ?? []), waiting])
    }
    return [...twins.values()].flatMap(([first, ...others]) => (first ? [withTwins(first, others)] : []))
  }
}

function withTwins({ placing, settle }: Waiting, twins: readonly Waiting[]): Waiting {
  return {
    placing,
    settle(outcome, cause) {
      settle(outcome, cause)
      for (const twin of twins) twin.settle(outcome === 'written' ? 'exists' : outcome, cause)
    },
  }
}
