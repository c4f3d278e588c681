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
 * Who has written a version: of a change the edge has kept a Provenance, written with it and so after the version before; what was
 * never changed says it itself. A copy of another facility's begins with whatever version was brought here, which may be a
 * correction by somebody else than its resource names. Undefined where another system wrote it and told nobody.
 */
export function whoWrote({ resource, at, beforeAt, isFirst }: Version, provenances: readonly Provenance[]) {
  const reference = `${resource.resourceType}/${resource.id}`
  const [newest] = provenances
    .filter(({ target }) => target.some((one) => one.reference === reference))
    .filter(({ recorded }) => isBefore(recorded, at) && (beforeAt === undefined || !isBefore(recorded, beforeAt)))
    .toSorted((a, b) => Date.parse(b.recorded) - Date.parse(a.recorded))
  return newest?.agent[0]?.who.display ?? (isFirst ? writerIn(resource) : undefined)
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
