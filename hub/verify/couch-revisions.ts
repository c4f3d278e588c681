import type { CouchDatabase } from '../couch/couch-database'
import type { Revisions } from './look-at-range'

/** From `_all_docs`, which reads the index of ids alone. It lists no tombstones, but tells of one that is named. */
export function revisionsIn(ehr: CouchDatabase): Revisions {
  return {
    async living(from, to, limit) {
      const rows = await ehr.allDocs({ startkey: from, endkey: to, limit })
      return rows.map(({ id, value }) => ({ id, rev: value.rev }))
    },
    deleted: (ids) => ehr.deletedAmong(ids),
  }
}
