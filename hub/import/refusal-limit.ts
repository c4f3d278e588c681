/**
 * Refused requests are audited; but whoever has no key could fill the disk with refusals. So those that cost a caller
 * nothing, unsigned ones and replays, are written up to a number a minute, and the rest is counted.
 */
export const REFUSALS_PER_MINUTE = 600

export class RefusalLimit {
  #minute = 0
  #written = 0
  #leftOut = 0

  /** Whether this refusal is written down. */
  admits(now: Date): boolean {
    const minute = Math.floor(now.getTime() / 60_000)
    if (minute !== this.#minute) {
      this.#minute = minute
      this.#written = 0
    }
    if (this.#written >= REFUSALS_PER_MINUTE) {
      this.#leftOut += 1
      return false
    }
    this.#written += 1
    return true
  }

  /** How many were left out since this was last asked. */
  takeLeftOut(): number {
    const leftOut = this.#leftOut
    this.#leftOut = 0
    return leftOut
  }
}
