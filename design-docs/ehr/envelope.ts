import { documentIdOf, placeOfDocument, resourceIdOf } from '../../protocol/ids'
import { owns } from '../../protocol/owns'
import { type CouchDocument, forbidden, isDesignDocument, isServerAdmin, type UserContext } from '../couch'

/** As Date#toISOString writes it. */
const MOMENT = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$/

/**
 * What a record looks like around its resource, whoever writes it, so that a document's `_id` never lies about its
 * content: imports, searches and the audit go by the `_id` alone. The resource itself is the edge's business.
 */
export function envelope(newDoc: CouchDocument, _oldDoc: CouchDocument | null, user: UserContext): void {
  if (newDoc._deleted === true || isDesignDocument(newDoc)) return
  const place = placeOfDocument(newDoc._id)
  if (place === undefined || documentIdOf(place) !== newDoc._id) {
    throw forbidden('_id must be <MRN>:Patient, or <MRN or external ID>:<resource type>:<local id>')
  }
  if (newDoc['type'] !== place.type) throw forbidden('type must be the resource type in _id')
  const facility = newDoc['facility']
  if (typeof facility !== 'string' || !owns(facility, newDoc._id)) {
    throw forbidden('facility must be the external ID that _id begins with')
  }
  // An MRN can have the form of an external ID, and would then pass for a facility of its own.
  if (!isServerAdmin(user) && user.roles.indexOf(`facility:${facility}`) === -1) {
    throw forbidden('facility must be the external ID of the facility that writes')
  }
  const isFacilitysOwn = place.partition === facility
  if (isFacilitysOwn && 'mrn' in newDoc) throw forbidden('mrn must be absent from what belongs to the facility')
  if (!isFacilitysOwn && newDoc['mrn'] !== place.partition) throw forbidden('mrn must be the MRN that _id begins with')
  const recordedAt = newDoc['recordedAt']
  if (typeof recordedAt !== 'string' || !MOMENT.test(recordedAt)) {
    throw forbidden('recordedAt must be a moment in UTC with milliseconds')
  }
  const resource = newDoc['resource']
  if (!isObject(resource)) throw forbidden('resource must be an object')
  if (resource['resourceType'] !== place.type) throw forbidden('resource.resourceType must be the resource type in _id')
  if (resource['id'] !== resourceIdOf(place)) throw forbidden('resource.id must be the id that follows from _id')
  if (newDoc['localOnly'] !== undefined && newDoc['localOnly'] !== false) {
    throw forbidden('a document marked localOnly stays at its facility')
  }
  if (newDoc['imported'] !== undefined) throw forbidden('a copy that was imported is never sent back')
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
