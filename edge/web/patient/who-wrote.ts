import type { Provenance } from 'fhir/r4'
import type { Shown } from './record'

/** One version, as the history tells of it. */
export interface Version {
  readonly resource: Shown
  readonly at: string
  /** When the version before it was written; undefined for the first one, or where that is not kept. */
  readonly beforeAt: string | undefined
  readonly isFirst: boolean
}

/**
 * Who has written a version: the first mostly says it itself (an earlier edge did not, of what came with an id); of a later one
 * the edge has kept a Provenance, written with it and so after the version before. Undefined where another system wrote it and
 * told nobody.
 */
export function whoWrote({ resource, at, beforeAt, isFirst }: Version, provenances: readonly Provenance[]) {
  const own = isFirst ? writerIn(resource) : undefined
  if (own !== undefined) return own
  const reference = `${resource.resourceType}/${resource.id}`
  const [newest] = provenances
    .filter(({ target }) => target.some((one) => one.reference === reference))
    .filter(({ recorded }) => isBefore(recorded, at) && (beforeAt === undefined || !isBefore(recorded, beforeAt)))
    .toSorted((a, b) => Date.parse(b.recorded) - Date.parse(a.recorded))
  return newest?.agent[0]?.who.display
}

const isBefore = (one: string, other: string) => Date.parse(one) <= Date.parse(other)

/** Where the edge puts it, by the type (edge/fhir/written-by.ts). */
function writerIn(resource: Shown): string | undefined {
  switch (resource.resourceType) {
    case 'AllergyIntolerance':
    case 'Condition':
      return resource.recorder?.display
    case 'DiagnosticReport':
    case 'Observation':
      return resource.performer?.[0]?.display
    case 'DocumentReference':
      return resource.author?.[0]?.display
    case 'Encounter':
      return resource.participant?.[0]?.individual?.display
    case 'Immunization':
      return resource.performer?.[0]?.actor.display
    case 'MedicationRequest':
      return resource.requester?.display
  }
}
