import { isDeepStrictEqual } from 'node:util'
import { documentIdOf } from '../../protocol/ids'
import type { LoadReport } from '../../schemas/generated/types'
import { located, type Validate } from '../fhir/change'
import { ElementError } from '../fhir/element-error'
import { isPatientBound, patientExpression, patientReferenceInvalid } from '../fhir/placement'
import { documentOf } from '../fhir/resource-form'
import type { EhrStore, Write } from '../store/ehr'
import { type PlacedEntry, type PlacingTools, placeEntries } from './place-entries'
import { sourceEntriesOf } from './source-entries'

export interface LoadTools extends PlacingTools {
  store: EhrStore
  validate: Validate
  now: () => Date
}

/**
 * Loads a FHIR bundle of another system, all or nothing. What is there already, or was deleted here, stays as it is: so a
 * bundle can be loaded again, after a crash too. Throws what the bundle is refused for.
 */
export async function loadBundle(body: unknown, tools: LoadTools): Promise<LoadReport> {
  const entries = await sourceEntriesOf(body, tools.validate)
  const report: LoadReport = { patients: { created: 0, unchanged: 0 }, resources: { created: 0, unchanged: 0 } }
  const outcome = await tools.store.write(async () => {
    const placed = distinct(await placeEntries(entries, tools))
    const isThere = await presence(placed, tools.store)
    const writes: Write[] = []
    for (const one of placed) {
      const id = documentIdOf(one.place)
      const kind = isThere(id) ? 'unchanged' : 'created'
      report.resources[kind]++
      if (one.place.type === 'Patient') report.patients[kind]++
      if (kind === 'unchanged') continue
      const source = one.sourceId === undefined ? {} : { sourceId: one.sourceId }
      const document = documentOf(one.place, one.resource, tools.externalId, tools.now(), source)
      writes.push({ id, document, expectedRev: undefined })
    }
    await refuseWithoutPatient(placed, tools.store)
    return writes
  })
  if (outcome.kind === 'conflict') throw new Error('a record changed while a bundle was loaded')
  return report
}

/** Some systems write a resource into a bundle twice; twice with different content is no telling which. */
function distinct(placed: readonly PlacedEntry[]): PlacedEntry[] {
  const byId = new Map<string, PlacedEntry>()
  for (const one of placed) {
    const id = documentIdOf(one.place)
    const first = byId.get(id)
    if (!first) byId.set(id, one)
    else if (!isDeepStrictEqual(first.resource, one.resource)) {
      const problem = {
        expression: `${one.place.type}.id`,
        diagnostics: 'stands in the bundle before, with other content',
      }
      const error = new ElementError('INVALID_REQUEST', 'Two resources of the bundle have the same id.', [problem])
      throw located(error, one)
    }
  }
  return [...byId.values()]
}

/** Which documents are there, living or deleted. */
async function presence(placed: readonly PlacedEntry[], store: EhrStore): Promise<(id: string) => boolean> {
  const found = new Set<string>()
  for (const { place, isNewPartition } of placed) {
    if (isNewPartition) continue
    const id = documentIdOf(place)
    if ((await store.get(id)).kind !== 'absent') found.add(id)
  }
  return (id) => found.has(id)
}

async function refuseWithoutPatient(placed: readonly PlacedEntry[], store: EhrStore): Promise<void> {
  const loaded = new Set(placed.flatMap(({ place }) => (place.type === 'Patient' ? [place.partition] : [])))
  const known = new Map<string, boolean>()
  for (const one of placed) {
    const { partition } = one.place
    if (!isPatientBound(one.type) || (loaded.has(partition) && one.isNewPartition)) continue
    if (!known.has(partition)) {
      const patient = await store.get(documentIdOf({ partition, type: 'Patient' }))
      known.set(partition, patient.kind === 'present' || (patient.kind === 'absent' && loaded.has(partition)))
    }
    if (known.get(partition)) continue
    const error = patientReferenceInvalid(
      patientExpression(one.type),
      'must point to a patient of this facility, or of the bundle',
    )
    throw located(error, one)
  }
}
