const WINDOW_SECONDS = 30

/** How much passed in the last half a minute, second by second; the time is an argument. */
export class Speed {
  readonly #bytes = new Array<number>(WINDOW_SECONDS).fill(0)
  readonly #seconds = new Array<number>(WINDOW_SECONDS).fill(Number.NEGATIVE_INFINITY)
  #sinceMs: number | undefined

  /** It begins to move: time before does not count as slowness. */
  begin(nowMs: number): void {
    this.#sinceMs ??= nowMs
  }

  /** It has stopped on purpose; what comes next is measured anew. */
  end(): void {
    this.#sinceMs = undefined
    this.#seconds.fill(Number.NEGATIVE_INFINITY)
  }

  add(bytes: number, nowMs: number): void {
    this.begin(nowMs)
    const second = Math.floor(nowMs / 1_000)
    const slot = second % WINDOW_SECONDS
    if (this.#seconds[slot] !== second) {
      this.#seconds[slot] = second
      this.#bytes[slot] = 0
    }
    this.#bytes[slot] = (this.#bytes[slot] ?? 0) + bytes
  }

  /** Bytes a second over the window, or since it began where that is less; 0 while it rests. */
  perSecond(nowMs: number): number {
    if (this.#sinceMs === undefined) return 0
    const second = Math.floor(nowMs / 1_000)
    let sum = 0
    for (let slot = 0; slot < WINDOW_SECONDS; slot++) {
      if (second - (this.#seconds[slot] ?? 0) < WINDOW_SECONDS) sum += this.#bytes[slot] ?? 0
    }
    // The first second of the window is a part of one.
    const elapsedMs = Math.min(nowMs - this.#sinceMs, (WINDOW_SECONDS - 1) * 1_000 + (nowMs % 1_000))
    return Math.round(sum / (Math.max(elapsedMs, 1_000) / 1_000))
  }
}
