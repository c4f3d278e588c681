import { CodedError } from '../../protocol/error-codes'
import { type AskText, parsed } from '../couch/ask-text'
import type { CouchDatabase } from '../couch/couch-database'
import { UnreadableText } from './json-cursor'
import type { RecordReader } from './read-record'
import { RecentDocuments } from './recent-documents'
import { recordsIn, type StoredRecord } from './stored-record'

/** The database `ehr` as the import reads it. */
export function recordReaderOf(ehr: CouchDatabase, askText: AskText): RecordReader {
  const read = async (query: string, take: (bytes: number) => void, body?: object): Promise<StoredRecord[]> => {
    const path = `${encodeURIComponent(ehr.name)}/_all_docs?include_docs=true${query}`
    const answer = await askText({ path, onBytes: take, ...(body && { body }) })
    try {
      return recordsIn(answer)
    } catch (cause) {
      if (!(cause instanceof UnreadableText)) throw cause
      throw new CodedError('DATABASE_UNAVAILABLE', 'The database does not answer; try again.', { cause })
    }
  }
  const recent = new RecentDocuments()
  const key = (text: string) => encodeURIComponent(JSON.stringify(text))
  return {
    partition: (mrn, take) => read(`&conflicts=true&startkey=${key(`${mrn}:`)}&endkey=${key(`${mrn}:\ufff0`)}`, take),
    byIds: (ids, take) => recent.get(ids, take, (missing) => read('', take, { keys: missing })),
    leaf: async (id, rev, take) => {
      const path = `${encodeURIComponent(ehr.name)}/${encodeURIComponent(id)}?rev=${encodeURIComponent(rev)}`
      return parsed(await askText({ path, onBytes: take }))
    },
    async linksTo(mrn) {
      const path = `${encodeURIComponent(ehr.name)}/_design/links/_view/by-target?key=${key(mrn)}`
      const { rows } = parsed(await askText({ path })) as { rows: { value: string }[] }
      return rows.map(({ value }) => value)
    },
  }
}
