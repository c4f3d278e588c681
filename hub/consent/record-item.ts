import { isAcceptedType, searchElementsOf } from '../../schemas/fhir/resource-types'
import { CONFIDENTIALITY, levelAmong } from './confidentiality'
import { type Coding, codingOf, isObject, type Json, listOf } from './fhir-json'
import { type Holds, holds } from './holds'
import { periodOf, spanOf, type TimeSpan } from './time-span'

/** A resource as the rules look at it. What they ask for is worked out once, and only if they ask. */
export interface RecordItem {
  readonly type: string
  /** The FHIR id. */
  readonly id: string
  /** `meta.security`, and what a document says of its own confidentiality. */
  readonly labels: readonly Coding[]
  /** The same of the resources within it (`contained`). FHIR lets those have none (dom-5); the hub has not validated it. */
  readonly labelsWithin: readonly Coding[]
  /** As in levelOf: the highest, of what is within it too. */
  readonly level: number
  /** When what it tells of was; empty where it does not say. */
  times(): readonly TimeSpan[]
  /** `unclear`: the code stands there without a system, or is asked for without one. */
  hasCode(code: Coding): Holds
  /** Whether a resource of this type stands within it (`contained`). */
  contains(type: string): boolean
}

/**
 * @param hasLabels  false where it is known that its `meta` and what is within it have none: it is not parsed for them
 */
export function recordItem(type: string, id: string, hasLabels: boolean, read: () => unknown): RecordItem {
  const resource = once(() => {
    const value = read()
    return isObject(value) ? value : {}
  })
  const labels = once(() => (mayHaveLabels({ type, hasLabels }) ? labelsOf(type, resource()) : []))
  const labelsWithin = once(() => (hasLabels ? labelsInside(resource()) : []))
  const level = once(() => levelAmong([...labels(), ...labelsWithin()]))
  const times = once(() => timesIn(type, resource()))
  const codes = once(() => codesIn(resource()))
  const contained = once(() => (listOf(resource()['contained']) ?? []).map(({ resourceType }) => resourceType))
  return {
    type,
    id,
    get labels() {
      return labels()
    },
    get labelsWithin() {
      return labelsWithin()
    },
    get level() {
      return level()
    },
    times,
    hasCode({ system, code = '' }) {
      const systems = codes().get(code)
      if (systems === undefined) return 'no'
      if (system === undefined) return 'unclear'
      return systems.has(undefined) && !systems.has(system) ? 'unclear' : holds(systems.has(system))
    },
    contains: (one) => contained().includes(one),
  }
}

/** These have an element for the confidentiality of the document that they are or lead to, besides `meta`. */
const DOCUMENTS: ReadonlySet<string> = new Set(['Composition', 'DocumentReference'])

export function mayHaveLabels({ type, hasLabels }: { type: string; hasLabels: boolean }): boolean {
  return hasLabels || DOCUMENTS.has(type)
}

function labelsOf(type: string, { meta, securityLabel, confidentiality }: Json): Coding[] {
  const own = isObject(meta) ? (listOf(meta['security']) ?? []) : []
  if (type === 'DocumentReference') {
    own.push(...(listOf(securityLabel) ?? []).flatMap(({ coding }) => listOf(coding) ?? []))
  }
  // A code alone, of a list that it is bound to.
  if (type === 'Composition' && confidentiality !== undefined)
    own.push({ system: CONFIDENTIALITY, code: confidentiality })
  return own.map(codingOf)
}

function labelsInside({ contained }: Json): Coding[] {
  return (listOf(contained) ?? []).flatMap((one) => [
    ...labelsOf(String(one['resourceType']), one),
    ...labelsInside(one),
  ])
}

/** By the elements that R4's search parameters of dates look at. */
function timesIn(type: string, resource: Json): TimeSpan[] {
  if (!isAcceptedType(type)) return []
  return searchElementsOf(type).date.flatMap(({ path }) =>
    valuesAt(resource, path.split('.')).flatMap((value) => spanOf(value) ?? periodOf(value) ?? []),
  )
}

function valuesAt(value: unknown, path: readonly string[]): unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, path))
  const [name, ...rest] = path
  if (name === undefined) return [value]
  return isObject(value) && value[name] !== undefined ? valuesAt(value[name], rest) : []
}

/** Every code, wherever it stands, with the systems that it stands there with; undefined for none. */
function codesIn(resource: Json): Map<string, Set<string | undefined>> {
  const found = new Map<string, Set<string | undefined>>()
  const left: unknown[] = [resource]
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    if (Array.isArray(value)) left.push(...value.filter(isPart))
    else if (isObject(value)) {
      const { system, code } = codingOf(value)
      if (code !== undefined) found.set(code, (found.get(code) ?? new Set()).add(system))
      left.push(...Object.values(value).filter(isPart))
    }
  }
  return found
}

function isPart(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
