import { createHash } from 'node:crypto'
import type { Resource } from 'fhir/r4'
import { CodedError } from '../../protocol/error-codes'
import { checked } from '../../schemas/check'
import type { AcceptedType } from '../../schemas/fhir/resource-types'
import { isBundleRequest } from '../../schemas/generated/validators'
import { allOrError, namesOf } from '../fhir/bundle-entries'
import { located, MAX_NESTING, type Validate, validResource } from '../fhir/change'
import { ElementError } from '../fhir/element-error'
import { isNestedWithin } from '../fhir/elements'
import { acceptedType } from '../fhir/placement'

export const MAX_LOAD_ENTRIES = 20_000

/** `<external ID><8 digits>.` may stand before it, and an id has 64 characters. */
const MAX_LOCAL_LENGTH = 43

/** A resource as the other system wrote it. */
export interface SourceEntry {
  entry: number
  type: AcceptedType
  /** Its id over there. */
  id: string
  /** By which the other entries refer to it. */
  names: string[]
  resource: Resource
}

/**
 * The resources of a bundle of whatever type, all valid. Throws INVALID_REQUEST, BODY_TOO_LARGE, RESOURCE_TYPE_UNSUPPORTED
 * and, with the elements of all entries, RESOURCE_INVALID.
 */
export async function sourceEntriesOf(body: unknown, validate: Validate): Promise<SourceEntry[]> {
  // Three levels of the bundle itself stand around each resource.
  if (!isNestedWithin(body, MAX_NESTING + 3)) {
    throw new CodedError('INVALID_REQUEST', `The bundle is nested deeper than ${MAX_NESTING} levels.`)
  }
  const { entry: entries = [] } = checked(isBundleRequest, body, 'the bundle')
  if (entries.length > MAX_LOAD_ENTRIES) {
    throw new CodedError('BODY_TOO_LARGE', `A bundle to load has at most ${MAX_LOAD_ENTRIES} entries.`)
  }
  const source = await allOrError(entries.length, (index): SourceEntry => {
    try {
      const { resource, fullUrl, request } = entries[index] ?? {}
      if (!resource || request?.method === 'DELETE') {
        throw new CodedError('INVALID_REQUEST', 'Each entry of a bundle to load must have a resource.')
      }
      const type = acceptedType(resource.resourceType)
      const valid = validResource(resource, validate)
      const id = valid.id ?? idIn(fullUrl)
      if (id === undefined) throw withoutId(type)
      return {
        entry: index,
        type,
        id,
        names: [...namesOf({ ...(fullUrl === undefined ? {} : { fullUrl }) }), `${type}/${id}`],
        resource: valid,
      }
    } catch (error) {
      throw located(error, { entry: index })
    }
  })
  refuseSameName(source)
  return source
}

/** A name that means two resources: what refers to it could get to the wrong patient. */
function refuseSameName(entries: readonly SourceEntry[]): void {
  const meant = new Map<string, string>()
  for (const one of entries) {
    const resource = `${one.type}/${one.id}`
    for (const name of one.names) {
      if ((meant.get(name) ?? resource) !== resource)
        throw located(
          new CodedError('INVALID_REQUEST', 'Two resources of the bundle go by the same fullUrl or id.'),
          one,
        )
      meant.set(name, resource)
    }
  }
}

/** The `<local>` that stands for an id of another system: the id itself, or where that is too long, its hash. */
export function localOf(id: string): string {
  return id.length <= MAX_LOCAL_LENGTH ? id : `sha256-${createHash('sha256').update(id).digest('hex').slice(0, 36)}`
}

function idIn(fullUrl: string | undefined): string | undefined {
  const [, id] = /(?:^urn:uuid:|\/)([A-Za-z0-9\-.]{1,64})$/.exec(fullUrl ?? '') ?? []
  return id
}

/** Without an id nothing would tell that it was loaded before. */
function withoutId(type: AcceptedType): ElementError {
  return new ElementError('RESOURCE_INVALID', 'A resource to load must have the id that it had before.', [
    { expression: `${type}.id`, diagnostics: 'is missing, and no fullUrl has one' },
  ])
}
