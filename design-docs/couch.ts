/** What CouchDB hands to functions in design documents. Nothing in it was checked before. */
export interface CouchDocument {
  readonly _id: string
  readonly _rev?: unknown
  readonly _revisions?: unknown
  readonly _deleted?: unknown
  readonly [field: string]: unknown
}

export interface UserContext {
  readonly name: string | null
  readonly roles: readonly string[]
}

/** A bare object and not an Error: CouchDB reports a thrown Error as a fault of the function (500). */
export interface Forbidden {
  readonly forbidden: string
}

/** The reason names the rule and never a value of the document: it travels into logs and to the other end. */
export function forbidden(reason: string): Forbidden {
  return { forbidden: reason }
}

export function isServerAdmin(user: UserContext): boolean {
  return user.roles.indexOf('_admin') !== -1
}

export function isDesignDocument(doc: CouchDocument): boolean {
  return doc._id.slice(0, 8) === '_design/'
}
