import { type CouchDocument, forbidden, isDesignDocument, isServerAdmin, type UserContext } from '../couch'

/**
 * An audit entry is created once and stays, whoever asks, server admins included.
 *
 * `oldDoc` alone does not show every change: for `new_edits: false` CouchDB looks it up in the history that came with
 * the document, and an invented one leads nowhere. What gives such a write away is that it brings a revision: a
 * document that is created has none yet. So entries can not be replicated into this database; a backup is restored
 * before this design document is written.
 */
export function appendOnly(newDoc: CouchDocument, oldDoc: CouchDocument | null, user: UserContext): void {
  if (isDesignDocument(newDoc) && isServerAdmin(user)) return
  if (newDoc._deleted) throw forbidden('an audit entry is never deleted')
  if (oldDoc || newDoc._rev) throw forbidden('an audit entry is never changed')
}
