import { owns } from '../../protocol/owns'
import { type CouchDocument, forbidden, isServerAdmin, type UserContext } from '../couch'

const FACILITY = 'facility:'

/**
 * Who may write: law 1 as the database itself holds it. It looks at `_id` alone, so it holds for tombstones, which
 * have no other field, and for `new_edits: false`, where CouchDB shows no old document. Writes of the hub itself
 * (server admins) pass; a user without a facility may write nothing.
 */
export function ownership(newDoc: CouchDocument, _oldDoc: CouchDocument | null, user: UserContext): void {
  if (isServerAdmin(user)) return
  for (const role of user.roles) {
    if (role.slice(0, FACILITY.length) === FACILITY && owns(role.slice(FACILITY.length), newDoc._id)) return
  }
  throw forbidden('a facility writes only documents whose _id begins with its own external ID or one of its MRNs')
}
