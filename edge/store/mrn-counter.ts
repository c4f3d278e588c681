import { CodedError } from '../../protocol/error-codes'
import { documentIdOf, placeOfDocument } from '../../protocol/ids'
import { counterOf, MAX_COUNTER, mrnOf } from '../../protocol/mrn'
import type { EhrStore } from './ehr'
import { type EdgeState, ON_DISK, type StatePart } from './state'

const PAGE_CHANGES = 1_000

/**
 * Mints the facility's MRNs, and never one number twice: the counter is on the disk before a number is handed out, so a
 * crash leaves a gap and no repetition; deleting a patient gives nothing back; and a number that the store knows (given by
 * an older system, or after the state was lost) is passed over.
 */
export class MrnCounter {
  readonly #part: StatePart<number>
  #queue: Promise<unknown> = Promise.resolve()

  constructor(
    readonly store: EhrStore,
    state: EdgeState,
    readonly externalId: string,
  ) {
    this.#part = state.part('mrn-counter')
  }

  /** Throws MRN_EXHAUSTED, and then has handed out none. */
  mint(count: number): Promise<string[]> {
    return this.#alone(async () => {
      let counter = await this.#last()
      const mrns: string[] = []
      while (mrns.length < count) {
        counter++
        if (counter > MAX_COUNTER) throw new CodedError('MRN_EXHAUSTED', 'All MRNs of this facility are used.')
        const mrn = mrnOf(this.externalId, counter)
        if (!(await this.#isUsed(mrn))) mrns.push(mrn)
      }
      await this.#part.put(this.externalId, counter, ON_DISK)
      return mrns
    })
  }

  /** No number up to this one is minted from now on: the hub has seen it, and a restored edge may not know it. */
  raiseTo(floor: number): Promise<void> {
    return this.#alone(async () => {
      if (floor > (await this.#last())) await this.#part.put(this.externalId, floor, ON_DISK)
    })
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
