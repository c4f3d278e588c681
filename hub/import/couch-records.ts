import type { CouchDatabase } from '../couch/couch-database'
import type { RecordReader, StoredRecord } from './read-record'

/** The database `ehr` as the import reads it. */
export function recordReaderOf(ehr: CouchDatabase): RecordReader {
  return {
    partition: async (mrn) =>
      documentsOf(await ehr.allDocs({ startkey: `${mrn}:`, endkey: `${mrn}:\ufff0`, includeDocs: true })),
    byIds: async (ids) => documentsOf(await ehr.allDocs({ keys: ids, includeDocs: true })),
    linksTo: async (mrn) => (await ehr.view<string>('links', 'by-target', { key: mrn })).map(({ value }) => value),
  }
}

function documentsOf(rows: readonly { doc?: object }[]): StoredRecord[] {
  return rows.flatMap(({ doc }) => (doc ? [doc as StoredRecord] : []))
}
