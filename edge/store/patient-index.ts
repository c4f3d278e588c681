import type { Patient } from 'fhir/r4'
import { documentIdOf, placeOfDocument } from '../../protocol/ids'
import type { EhrStore, Stored } from './ehr'
import type { Criterion } from './patient-criteria'
import { type Found, type PatientEntry, searchPatients } from './patient-search'
import { termsOf } from './patient-terms'
import type { EdgeState, StateChange, StatePart } from './state'

/** Read at a time from the changes feed. */
const PAGE_CHANGES = 1_000
const SEQUENCE = 'sequence'

/**
 * Finds patients by what they are called, and by the id that they had elsewhere. It follows the store's changes feed from
 * the sequence it has stored, and every question is answered only after it has caught up: so it shows every write that was
 * acknowledged, whenever the process was killed, and is made anew from the documents if it was lost.
 */
export class PatientIndex {
  /** MRN → what was indexed, to take it out again. */
  readonly #entries: StatePart<PatientEntry>
  /** `<term>␀<MRN>` → nothing. */
  readonly #terms: StatePart<0>
  /** `<Type>/<id>` of the source → MRN. */
  readonly #sources: StatePart<string>
  readonly #progress: StatePart<number>
  #queue: Promise<unknown> = Promise.resolve()
  #stopped = false

  constructor(
    readonly store: EhrStore,
    readonly state: EdgeState,
  ) {
    this.#entries = state.part('patients')
    this.#terms = state.part('patient-terms')
    this.#sources = state.part('patient-sources')
    this.#progress = state.part('patient-progress')
  }

  /**
   * Patients that match every criterion, without one all patients. `after` is the position that an earlier answer gave as
   * `next`.
   */
  async search(criteria: readonly Criterion[], page: { after?: string; limit: number }): Promise<Found> {
    await this.catchUp()
    return searchPatients({ entries: this.#entries, terms: this.#terms }, criteria, page)
  }

  /** What a patient was indexed by; undefined for one that is not there. */
  async termsOf(mrn: string): Promise<readonly string[] | undefined> {
    await this.catchUp()
    return (await this.#entries.get(mrn))?.terms
  }

  /** The MRN of the living patient who was loaded from `<Type>/<id>`. */
  async mrnOfSource(sourceId: string): Promise<string | undefined> {
    await this.catchUp()
    return this.#sources.get(sourceId)
  }

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
    let since = (await this.#progress.get(SEQUENCE)) ?? 0
    // The store was put back to an earlier state than this index has seen.
    if (since > newest) since = await this.#clear()
    while (since < newest && !this.#stopped) {
      const page = await this.store.database.changes({ since, limit: PAGE_CHANGES })
      const mrns = page.results.flatMap((row) => mrnOfPatient(row.id) ?? [])
      since = page.last_seq
      const changes = (await Promise.all(mrns.map((mrn) => this.#changesFor(mrn)))).flat()
      changes.push({ type: 'put', sublevel: this.#progress, key: SEQUENCE, value: since })
      await this.state.level.batch(changes)
      if (page.results.length === 0) return
    }
  }

  async #changesFor(mrn: string): Promise<StateChange[]> {
    const [before, stored] = await Promise.all([
      this.#entries.get(mrn),
      this.store.get(documentIdOf({ partition: mrn, type: 'Patient' })),
    ])
    const after = entryOf(stored)
    const changes: StateChange[] = []
    for (const term of before?.terms ?? [])
      changes.push({ type: 'del', sublevel: this.#terms, key: `${term}\u0000${mrn}` })
    for (const term of after?.terms ?? [])
      changes.push({ type: 'put', sublevel: this.#terms, key: `${term}\u0000${mrn}`, value: 0 })
    if (before?.source !== undefined) changes.push({ type: 'del', sublevel: this.#sources, key: before.source })
    if (after?.source !== undefined)
      changes.push({ type: 'put', sublevel: this.#sources, key: after.source, value: mrn })
    if (after) changes.push({ type: 'put', sublevel: this.#entries, key: mrn, value: after })
    else if (before) changes.push({ type: 'del', sublevel: this.#entries, key: mrn })
    return changes
  }

  async #clear(): Promise<number> {
    await this.#progress.clear()
    await Promise.all([this.#entries.clear(), this.#terms.clear(), this.#sources.clear()])
    return 0
  }
}

function mrnOfPatient(documentId: string): string | undefined {
  const place = placeOfDocument(documentId)
  return place?.type === 'Patient' ? place.partition : undefined
}

function entryOf(stored: Stored): PatientEntry | undefined {
  if (stored.kind !== 'present') return undefined
  const { resource, sourceId, imported } = stored.document
  const terms = termsOf(resource as Patient)
  // A copy's source is known to the facility it was loaded at, and may mean somebody else here.
  return sourceId === undefined || imported ? { terms } : { terms, source: sourceId }
}
