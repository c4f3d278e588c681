import type { Patient } from 'fhir/r4'
import { documentIdOf } from '../../protocol/ids'
import type { EhrStore, Stored } from './ehr'
import { FeedFollower } from './feed-follower'
import type { Criterion } from './patient-criteria'
import { type Found, type PatientEntry, searchPatients } from './patient-search'
import { termsOf } from './patient-terms'
import type { EdgeState, StateChange, StatePart } from './state'
import { searchByUpdate, type UpdatedOrder, updatedKey } from './updated-walk'

/** To be raised with whatever a patient is found by: the index is made anew then. */
const FORM = 3

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
  /** `<last change>.<MRN>` → nothing. */
  readonly #updated: StatePart<0>
  /** `<Type>/<id>` of the source → MRN. */
  readonly #sources: StatePart<string>
  readonly #follower: FeedFollower

  constructor(
    readonly store: EhrStore,
    readonly state: EdgeState,
  ) {
    this.#entries = state.part('patients')
    this.#terms = state.part('patient-terms')
    this.#updated = state.part('patients-updated')
    this.#sources = state.part('patient-sources')
    this.#follower = new FeedFollower(store, state, state.part('patient-progress'), {
      form: FORM,
      changesFor: (mrn) => this.#changesFor(mrn),
      clear: () => this.#clear(),
    })
  }

  /**
   * Patients that match every criterion, without one all patients. `after` is the position that an earlier answer gave as
   * `next`.
   */
  async search(
    criteria: readonly Criterion[],
    { order, ...page }: { after?: string; limit: number; order?: UpdatedOrder | undefined },
  ): Promise<Found> {
    await this.catchUp()
    const parts = { entries: this.#entries, terms: this.#terms, updated: this.#updated }
    return order ? searchByUpdate(parts, criteria, { ...page, order }) : searchPatients(parts, criteria, page)
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
    return this.#follower.catchUp()
  }

  /** Ends a run that is under way after its page. The state itself is closed by whoever opened it. */
  stop(): Promise<void> {
    return this.#follower.stop()
  }

  async #changesFor(mrn: string): Promise<StateChange[]> {
    const [before, stored] = await Promise.all([
      this.#entries.get(mrn),
      this.store.get(documentIdOf({ partition: mrn, type: 'Patient' })),
    ])
    const after = entryOf(mrn, stored)
    const changes: StateChange[] = []
    for (const term of before?.terms ?? [])
      changes.push({ type: 'del', sublevel: this.#terms, key: `${term}\u0000${mrn}` })
    for (const term of after?.terms ?? [])
      changes.push({ type: 'put', sublevel: this.#terms, key: `${term}\u0000${mrn}`, value: 0 })
    if (before) changes.push({ type: 'del', sublevel: this.#updated, key: before.updated })
    if (after) changes.push({ type: 'put', sublevel: this.#updated, key: after.updated, value: 0 })
    if (before?.source !== undefined) changes.push({ type: 'del', sublevel: this.#sources, key: before.source })
    if (after?.source !== undefined)
      changes.push({ type: 'put', sublevel: this.#sources, key: after.source, value: mrn })
    if (after) changes.push({ type: 'put', sublevel: this.#entries, key: mrn, value: after })
    else if (before) changes.push({ type: 'del', sublevel: this.#entries, key: mrn })
    return changes
  }

  async #clear(): Promise<void> {
    await Promise.all([this.#entries.clear(), this.#terms.clear(), this.#updated.clear(), this.#sources.clear()])
  }
}

function entryOf(mrn: string, stored: Stored): PatientEntry | undefined {
  if (stored.kind !== 'present') return undefined
  const { resource, recordedAt, sourceId, imported } = stored.document
  const entry = { terms: termsOf(resource as Patient), updated: updatedKey(mrn, recordedAt) }
  // A copy's source is known to the facility it was loaded at, and may mean somebody else here.
  return sourceId === undefined || imported ? entry : { ...entry, source: sourceId }
}
