/**
 * So many at once. Of those who wait each gets a turn after the other, and what one of them asks goes in the order in which it came:
 * whoever asks a hundred times at once waits for himself, and keeps nobody else.
 */
export class Turns {
  #free: number
  /** In the order in which their turn comes; nobody without anything that waits. */
  readonly #waiting = new Map<string, (() => void)[]>()

  /** How many wait for their turn. */
  get waiting(): number {
    let all = 0
    for (const own of this.#waiting.values()) all += own.length
    return all
  }

  constructor(atOnce: number) {
    this.#free = atOnce
  }

  async take<T>(whose: string, work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--
    else await this.#turnOf(whose)
    try {
      return await work()
    } finally {
      const next = this.#next()
      if (next) next()
      else this.#free++
    }
  }

  #turnOf(whose: string): Promise<void> {
    return new Promise((resolve) => {
      const own = this.#waiting.get(whose)
      if (own) own.push(resolve)
      else this.#waiting.set(whose, [resolve])
    })
  }

  #next(): (() => void) | undefined {
    for (const [whose, own] of this.#waiting) {
      this.#waiting.delete(whose)
      const next = own.shift()
      if (own.length > 0) this.#waiting.set(whose, own)
      if (next) return next
    }
    return undefined
  }
}
