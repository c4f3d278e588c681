import { parseHttpDate } from '../../protocol/http-date'

/** A Date header has full seconds: on average it is half a second old. */
const HALF_SECOND_MS = 500

/** How far this machine's clock is from the hub's, as its last answer said; right to the half of a question's time. */
export class HubClock {
  #offsetMs: number | undefined

  /** Milliseconds by which this clock is ahead; undefined before the first answer. */
  get offsetMs(): number | undefined {
    return this.#offsetMs
  }

  /** @param date  the Date header of an answer, which was asked for at `askedMs` and there at `answeredMs` of this clock */
  hear(date: string | null, askedMs: number, answeredMs: number): void {
    const hub = date === null ? undefined : parseHttpDate(date)
    if (hub === undefined) return
    this.#offsetMs = Math.round((askedMs + answeredMs) / 2 - (hub + HALF_SECOND_MS))
  }
}
