import type { Lane } from './lane'

/** A document that the hub has not answered for, as of its newest change. */
export interface Waiting {
  seq: number
  /** As JSON, before compression. */
  bytes: number
  /** When it was recorded, in seconds; a tombstone, which does not say, has that of the change before it. */
  recordedAtSeconds: number
  lane: Lane
}

/** Waiting documents in the order of their sequences, with their sums kept along. */
export class WaitingList {
  readonly #waiting = new Map<string, Waiting>()
  #bytes = 0
  #urgent = 0

  get size(): number {
    return this.#waiting.size
  }

  get bytes(): number {
    return this.#bytes
  }

  get urgent(): number {
    return this.#urgent
  }

  get first(): Waiting | undefined {
    for (const waiting of this.#waiting.values()) return waiting
    return undefined
  }

  /** Its sequence is higher than that of all others. */
  append(id: string, waiting: Waiting): void {
    this.drop(id)
    this.#waiting.set(id, waiting)
    this.#bytes += waiting.bytes
    if (waiting.lane === 'urgent') this.#urgent++
  }

  get(id: string): Waiting | undefined {
    return this.#waiting.get(id)
  }

  drop(id: string): void {
    const waiting = this.#waiting.get(id)
    if (!waiting) return
    this.#waiting.delete(id)
    this.#bytes -= waiting.bytes
    if (waiting.lane === 'urgent') this.#urgent--
  }

  dropTo(seq: number): void {
    for (const [id, waiting] of this.#waiting) {
      if (waiting.seq > seq) return
      this.drop(id)
    }
  }

  clear(): void {
    this.#waiting.clear()
    this.#bytes = 0
    this.#urgent = 0
  }

  entries(): [string, Waiting][] {
    return [...this.#waiting]
  }
}
