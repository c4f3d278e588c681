import { CodedError } from '../../protocol/error-codes'
import { documentIdOf, placeOfDocument } from '../../protocol/ids'
import { counterOf, MAX_COUNTER, mrnOf } from '../../protocol/mrn'
import type { EhrStore } from './ehr'
import { type EdgeState, ON_DISK, type StateChange, type StatePart } from './state'

const PAGE_CHANGES = 1_000

/**
 * Where the data come from a copy, so many numbers above the highest that the hub was ever told are left out: they may
 * have been given out since. An edge with a link tells its counter every few minutes, and whenever TELL_AFTER are untold;
 * without one, a facility with 50 new patients a day takes 20 days to give out so many.
 */
export const ROOM = 1_000
/** So many numbers that the hub was not told of are a reason to tell it. */
export const TELL_AFTER = ROOM / 2

/** For people, as an error and in GET /status. */
export const UNCERTAIN =
  'The data of this edge come from a copy, which may lack the last patients. New patients can be registered once the hub has told which MRNs are in use; all others can be worked on.'

/**
 * Why no number can be given out. `copy`: the hub has not told which are in use. `untold`: the counter was raised above
 * them, and the hub does not know that yet; a second copy of the same backup would be raised to the same number.
 */
type Doubt = 'copy' | 'untold'

/**
 * Mints the facility's MRNs, and never one number twice: the counter is on the disk before a number is handed out, so a
 * crash leaves a gap and no repetition; deleting a patient gives nothing back; and a number that the store knows (given by
 * an older system, or after the state was lost) is passed over. What a copy of the data can't know, the hub tells:
 *
 *     backup at 40 · gave 41 to 57, told the hub 55 · backup put back: 40, none is given
 *     the hub says 55 → 1,055, told → the hub says 1,055 → the next is 1,056
 */
export class MrnCounter {
  readonly #part: StatePart<number>
  readonly #doubts: StatePart<Doubt>
  /** The hub's floor, once heard. */
  #heard: number | undefined
  #untold = 0
  #queue: Promise<unknown> = Promise.resolve()

  constructor(
    readonly store: EhrStore,
    private readonly state: EdgeState,
    readonly externalId: string,
  ) {
    this.#part = state.part('mrn-counter')
    this.#doubts = state.part('mrn-doubt')
  }

  /** Throws MRN_EXHAUSTED or MRN_UNCERTAIN, and then has handed out none. */
  mint(count: number): Promise<string[]> {
    return this.#alone(async () => {
      if (await this.isUncertain()) throw new CodedError('MRN_UNCERTAIN', UNCERTAIN)
      let counter = await this.#last()
      const mrns: string[] = []
      while (mrns.length < count) {
        counter++
        if (counter > MAX_COUNTER) throw new CodedError('MRN_EXHAUSTED', 'All MRNs of this facility are used.')
        const mrn = mrnOf(this.externalId, counter)
        if (!(await this.#isUsed(mrn))) mrns.push(mrn)
      }
      await this.#part.put(this.externalId, counter, ON_DISK)
      this.#untold = counter - (this.#heard ?? counter)
      return mrns
    })
  }

  /** The counter of the last number that was given out. */
  last(): Promise<number> {
    return this.#alone(() => this.#last())
  }

  /** Whether this state has ever given out a number. */
  async hasPast(): Promise<boolean> {
    return (await this.#part.get(this.externalId)) !== undefined
  }

  /** The counter as it is, to be written once more. */
  async changes(): Promise<StateChange[]> {
    const counter = await this.#part.get(this.externalId)
    return counter === undefined ? [] : [{ type: 'put', sublevel: this.#part, key: this.externalId, value: counter }]
  }

  /** Numbers that were given out since the hub was told; none while it has not answered. */
  get untold(): number {
    return this.#untold
  }

  async isUncertain(): Promise<boolean> {
    return (await this.#doubts.get(this.externalId)) !== undefined
  }

  /** The data are a copy: no number is given out until the hub has answered. */
  doubt(): Promise<void> {
    return this.#alone(() => this.#doubts.put(this.externalId, 'copy', ON_DISK))
  }

  /** What the hub answered in an earlier run, which may have ended before it could act on it. */
  heardBefore(floor: number): Promise<void> {
    return this.#alone(async () => {
      if (floor > (await this.#last())) await this.#doubts.put(this.externalId, 'copy', ON_DISK)
    })
  }

  /**
   * What the hub answers in this run: the highest counter that any machine of this facility ever told it. A floor above
   * ours is the other sign of a copy.
   *
   * @returns 'tell' where the hub is to be told the new counter soon; nothing is minted before it has answered that
   */
  hear(floor: number): Promise<'settled' | 'tell'> {
    return this.#alone(async () => {
      const counter = await this.#last()
      const doubt = await this.#doubts.get(this.externalId)
      this.#heard = floor
      this.#untold = Math.max(0, counter - floor)
      if (doubt === 'copy' || floor > counter) {
        await this.#raise(Math.min(MAX_COUNTER, Math.max(counter, floor) + ROOM))
        return 'tell'
      }
      if (doubt === undefined) return 'settled'
      if (floor < counter) return 'tell'
      await this.#doubts.del(this.externalId, ON_DISK)
      return 'settled'
    })
  }

  /** Both or none. */
  #raise(counter: number): Promise<void> {
    const changes: StateChange[] = [
      { type: 'put', sublevel: this.#part, key: this.externalId, value: counter },
      { type: 'put', sublevel: this.#doubts, key: this.externalId, value: 'untold' satisfies Doubt },
    ]
    return this.state.level.batch(changes, ON_DISK)
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work)
    this.#queue = result.catch(() => undefined)
    return result
  }

  async #last(): Promise<number> {
    return (await this.#part.get(this.externalId)) ?? (await this.#highestInStore())
  }

  async #isUsed(mrn: string): Promise<boolean> {
    const patient = await this.store.get(documentIdOf({ partition: mrn, type: 'Patient' }))
    return patient.kind !== 'absent' || (await this.store.readIds({ partition: mrn, limit: 1 })).length > 0
  }

  /** Only after the state was lost: reads the whole feed, because tombstones stand nowhere else. */
  async #highestInStore(): Promise<number> {
    let highest = 0
    let since = 0
    for (;;) {
      const page = await this.store.database.changes({ since, limit: PAGE_CHANGES })
      for (const row of page.results) {
        highest = Math.max(highest, counterOf(this.externalId, placeOfDocument(row.id)?.partition ?? '') ?? 0)
      }
      if (page.results.length < PAGE_CHANGES) return highest
      since = page.last_seq
    }
  }
}
