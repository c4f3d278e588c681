import { placeOfDocument } from '../../protocol/ids'
import type { EhrStore } from './ehr'
import type { EdgeState, StateChange, StatePart } from './state'

/** Read at a time from the changes feed. */
const PAGE_CHANGES = 1_000
const SEQUENCE = 'sequence'
const FORM = 'form'

export interface Followed {
  /** Another number than the one that was stored: what was indexed is of an older form, and made anew. */
  form?: number
  /** What a Patient that was written, or deleted, changes in the index. */
  changesFor(mrn: string): Promise<readonly StateChange[]>
  clear(): Promise<void>
}

/**
 * Keeps an index of patients in step with the store. It follows the store's changes feed from the sequence it has stored beside
 * the index, in the same batch: so an index shows every write that was acknowledged, whenever the process was killed, and is made
 * anew from the documents if it was lost.
 */
export class FeedFollower {
  #queue: Promise<unknown> = Promise.resolve()
  #stopped = false

  constructor(
    readonly store: EhrStore,
    readonly state: EdgeState,
    readonly progress: StatePart<number>,
    readonly followed: Followed,
  ) {}

  /** Resolves once everything is indexed that was acknowledged before the call. */
  catchUp(): Promise<void> {
    const done = this.#queue.then(() => this.#follow())
    this.#queue = done.catch(() => undefined)
    return done
  }

  /** Ends a run that is under way after its page. The state itself is closed by whoever opened it. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#queue
  }

  async #follow(): Promise<void> {
    const newest = (await this.store.database.info()).update_seq
    let since = (await this.progress.get(SEQUENCE)) ?? 0
    // The store was put back to an earlier state than this index has seen.
    if (since > newest || (since > 0 && !(await this.#isOfThisForm()))) since = await this.#clear()
    while (since < newest && !this.#stopped) {
      const page = await this.store.database.changes({ since, limit: PAGE_CHANGES })
      const mrns = page.results.flatMap((row) => mrnOfPatient(row.id) ?? [])
      since = page.last_seq
      const changes = (await Promise.all(mrns.map((mrn) => this.followed.changesFor(mrn)))).flat()
      changes.push({ type: 'put', sublevel: this.progress, key: SEQUENCE, value: since })
      changes.push({ type: 'put', sublevel: this.progress, key: FORM, value: this.followed.form ?? 1 })
      await this.state.level.batch(changes)
      if (page.results.length === 0) return
    }
  }

  async #isOfThisForm(): Promise<boolean> {
    return ((await this.progress.get(FORM)) ?? 1) === (this.followed.form ?? 1)
  }

  async #clear(): Promise<number> {
    await this.progress.clear()
    await this.followed.clear()
    return 0
  }
}

function mrnOfPatient(documentId: string): string | undefined {
  const place = placeOfDocument(documentId)
  return place?.type === 'Patient' ? place.partition : undefined
}
