import type { FetchOutcome } from './fetch-record'

/**
 * The hub's time as far as it is known: ours, until the hub calls a signature too old or too new and says what time it
 * has. Cheap computers without a battery start in 1970.
 */
export class HubClock {
  #offsetMs = 0

  constructor(
    private readonly now: () => Date,
    private readonly onCorrected: (offsetMs: number) => void,
  ) {}

  /** Does it again once by the hub's time, if that was what was wrong. The correction stays for those that follow. */
  async corrected(ask: (now: Date) => Promise<FetchOutcome>): Promise<FetchOutcome> {
    const outcome = await ask(this.#hubNow())
    if (outcome.kind !== 'refused' || outcome.code !== 'CLOCK_SKEW' || outcome.hubDateMs === undefined) return outcome
    this.#offsetMs = outcome.hubDateMs - this.now().getTime()
    this.onCorrected(this.#offsetMs)
    return ask(this.#hubNow())
  }

  #hubNow(): Date {
    return new Date(this.now().getTime() + this.#offsetMs)
  }
}
