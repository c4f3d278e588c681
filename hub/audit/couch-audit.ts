import type { CouchDatabase } from '../couch/couch-database'
import type { AuditDatabase } from './audit-log'

/** The database `audit` as this folder asks it. */
export function auditDatabaseOf(couch: CouchDatabase): AuditDatabase {
  return {
    put: async (document) => (await couch.put(document)).kind,
    async view(name, { startKey, endKey, limit }) {
      const rows = await couch.view('entries', name, { startkey: startKey, endkey: endKey, limit, includeDocs: true })
      return rows.map(({ key, doc }) => ({ key, document: doc }))
    },
  }
}
