import { pause } from '../../runtime/back-off'

/** So long may be sent ahead of the rate: what a link holds anyway, and timers are not finer. */
const AHEAD_MS = 250

/**
 * Holds a sender back to a rate (R26): a bucket that leaks. Bytes may go as long as all before them, at that rate, would be gone
 * in a quarter of a second.
 */
export class Pacer {
  #bytesPerSecond = Number.POSITIVE_INFINITY
  #freeAtMs = 0

  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  /** From now on; what waits already waits by the rate of before. */
  set bytesPerSecond(value: number) {
    this.#bytesPerSecond = value
  }

  /** Pieces of this size keep the pace even. */
  get pieceBytes(): number {
    return Math.max(256, Math.min(16 * 1024, Math.floor((this.#bytesPerSecond * AHEAD_MS) / 1_000)))
  }

  /** How long to wait before these bytes may go; they are counted as sent. */
  takeMs(bytes: number): number {
    const now = this.nowMs()
    const freeAt = Math.max(now, this.#freeAtMs)
    this.#freeAtMs = freeAt + (bytes * 1_000) / this.#bytesPerSecond
    return Math.max(0, freeAt - now - AHEAD_MS)
  }

  async pace(bytes: number, signal: AbortSignal): Promise<void> {
    const waitMs = this.takeMs(bytes)
    if (waitMs > 0) await pause(waitMs, signal)
  }
}
