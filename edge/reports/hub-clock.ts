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

/** Below it a clock is right: nobody's record is wrong by it, and signatures are good for more. */
const TOLERATED_MS = 120_000

/** Whether people must set this clock right, and in which direction it is wrong. */
export function clockAttention(offsetMs: number | undefined): ['CLOCK_AHEAD' | 'CLOCK_BEHIND', string] | undefined {
  if (offsetMs === undefined || Math.abs(offsetMs) <= TOLERATED_MS) return undefined
  const minutes = `${Math.round(Math.abs(offsetMs) / 60_000)} minutes`
  const wrong = 'what is written now gets a wrong time. Set date, time and time zone.'
  return offsetMs > 0
    ? ['CLOCK_AHEAD', `The clock of this computer is ${minutes} ahead of the hub's: ${wrong}`]
    : ['CLOCK_BEHIND', `The clock of this computer is ${minutes} behind the hub's: ${wrong}`]
}
