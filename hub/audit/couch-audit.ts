import { AnsweredError } from '../couch/ask'
import type { BulkResult, CouchDatabase } from '../couch/couch-database'
import type { AuditDatabase, AuditView, WriteOutcome } from './audit-database'

/** The design document of each view. */
const DESIGN: Readonly<Record<AuditView, string>> = {
  'by-time': 'entries',
  'by-mrn': 'entries',
  'by-node': 'entries',
  'by-operator': 'entries',
  'by-kind': 'entries',
  'by-chain': 'chains',
  'disclosures-by-owner': 'reads',
  'broken-glass': 'reads',
}

/** The database `audit` as this folder asks it. */
export function auditDatabaseOf(couch: CouchDatabase): AuditDatabase {
  return {
    async write(entries) {
      const results = await couch.bulk(entries)
      return entries.map(({ _id }, index) => outcomeOf(_id, results[index]))
    },
    async view(name, { startKey, endKey, limit, isDescending = false }) {
      const range = { startkey: startKey, endkey: endKey, limit, ...(isDescending && { descending: true }) }
      const selection = { ...range, includeDocs: true, reduce: false } as const
      const rows = await couch.view(DESIGN[name], name, selection).catch(noneWhereReversed)
      return rows.map(({ key, doc }) => ({ key: key as unknown as (string | number)[], document: doc }))
    },
    chains: () => couch.stats('chains', 'by-chain'),
    named: () => couch.stats('chains', 'named'),
    async documents() {
      const [{ docCount }, designs] = await Promise.all([
        couch.info(),
        couch.allDocs({ startkey: '_design/', endkey: '_design0' }),
      ])
      return docCount - designs.length
    },
  }
}

/** CouchDB takes a range that ends before it begins for a mistake; whoever asked for such a time gets what is in it. */
function noneWhereReversed(error: unknown): [] {
  if (error instanceof AnsweredError && error.code === 'query_parse_error') return []
  throw error
}

function outcomeOf(id: string, result: BulkResult | undefined): WriteOutcome {
  if (result?.id !== id) return 'unknown'
  switch (result.error) {
    case undefined:
      return result.rev === undefined ? 'unknown' : 'written'
    case 'conflict':
      return 'exists'
    case 'forbidden':
    case 'unauthorized':
      return 'refused'
    default:
      return 'unknown'
  }
}
