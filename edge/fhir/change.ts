import type { Resource } from 'fhir/r4'
import { CodedError, type Problem } from '../../protocol/error-codes'
import type { Place } from '../../protocol/ids'
import type { AcceptedType } from '../../schemas/fhir/resource-types'
import type { Validation } from '../../schemas/fhir/validate-resource'
import type { StoredDocument } from '../store/ehr'
import { ElementError, inEntry } from './element-error'
import { isLossless, isNestedWithin, isObject } from './elements'
import { acceptedType, ownPlace } from './placement'

/** Deeper than any real resource; every walk through one, here and in the validators, takes a stack frame a level. */
export const MAX_NESTING = 64

export interface Create {
  kind: 'create'
  type: AcceptedType
  /** Valid, without an id: that is given to it. */
  resource: Resource
  /** A search (`identifier=…`): when it finds one, that one stands for the new one. */
  ifNoneExist?: string
}

export interface Update {
  kind: 'update'
  type: AcceptedType
  place: Place
  resource: Resource
  ifMatch?: string
}

export interface Delete {
  kind: 'delete'
  type: AcceptedType
  place: Place
  ifMatch?: string
}

export type Change = Create | Update | Delete

/** A change, and in which entry of a bundle it stands if it came in one. */
export interface Wanted {
  change: Change
  /** Names by which other entries refer to it, `urn:uuid:…`. */
  names: readonly string[]
  entry?: number
  /** It is about the change at this place, and there is none of it where that one has found what it would have made. */
  about?: number
}

export type ChangeResult =
  | { kind: 'created' | 'updated' | 'found'; document: StoredDocument }
  /** `rev` is the tombstone's. */
  | { kind: 'deleted'; rev: string }

export type Validate = (resource: unknown) => Validation

/** Throws INVALID_REQUEST, RESOURCE_TYPE_UNSUPPORTED, RESOURCE_INVALID. */
export function createOf(type: string, body: unknown, validate: Validate): Create {
  const accepted = acceptedType(type)
  // A client's id would mean nothing here (https://hl7.org/fhir/R4/http.html#create).
  const { id: _, ...resource } = bodyOf(accepted, body)
  return { kind: 'create', type: accepted, resource: validResource(resource, validate) }
}

/** Throws like `createOf`, and READ_ONLY_COPY. */
export function updateOf(externalId: string, type: string, id: string, body: unknown, validate: Validate): Update {
  const accepted = acceptedType(type)
  const place = ownPlace(externalId, accepted, id)
  const resource = bodyOf(accepted, body)
  if (resource['id'] !== id) {
    throw new ElementError('INVALID_REQUEST', "The resource's id must be the one in the address.", [
      { expression: `${accepted}.id`, diagnostics: 'must be the id in the address' },
    ])
  }
  return { kind: 'update', type: accepted, place, resource: validResource(resource, validate) }
}

export function deleteOf(externalId: string, type: string, id: string): Delete {
  const accepted = acceptedType(type)
  return { kind: 'delete', type: accepted, place: ownPlace(externalId, accepted, id) }
}

function bodyOf(type: AcceptedType, body: unknown): Record<string, unknown> {
  if (!isObject(body)) throw new CodedError('INVALID_REQUEST', 'The body must be a FHIR resource.')
  if (body['resourceType'] !== type) {
    throw new ElementError('INVALID_REQUEST', 'The body must be a resource of the type in the address.', [
      { expression: `${type}.resourceType`, diagnostics: 'must be the type in the address' },
    ])
  }
  return body
}

export function validResource(resource: unknown, validate: Validate): Resource {
  if (!isNestedWithin(resource, MAX_NESTING)) {
    throw new CodedError('INVALID_REQUEST', `The body is nested deeper than ${MAX_NESTING} levels.`)
  }
  const validation = validate(resource)
  if (!validation.ok) throw resourceInvalid(validation.issues)
  if (isLossless(resource)) return validation.resource
  throw resourceInvalid([
    {
      expression: validation.resource.resourceType,
      diagnostics: 'has a number that is too large, or text that is not Unicode',
    },
  ])
}

function resourceInvalid(problems: readonly Problem[]): ElementError {
  return new ElementError('RESOURCE_INVALID', 'The resource is not valid FHIR R4.', problems)
}

/** The error with the entry of the bundle in which the change stands, if it came in one. */
export function located(error: unknown, want: Pick<Wanted, 'entry'> | undefined): unknown {
  return error instanceof CodedError && want?.entry !== undefined ? inEntry(error, want.entry) : error
}
