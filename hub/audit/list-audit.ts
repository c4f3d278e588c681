import { CodedError } from '../../protocol/error-codes'
import type { AuditEntry, AuditList } from '../../schemas/generated/types'
import { isAuditEntry } from '../../schemas/generated/validators'
import type { AuditDatabase } from './audit-log'

export interface AuditQuery {
  mrn?: string
  node?: string
  /** First moment that is meant, an ISO date or time. */
  from?: string
  /** First moment that is no longer meant. */
  to?: string
  limit?: string
  cursor?: string
}

const DEFAULT_LIMIT = 100
const MOST_LIMIT = 1_000
/** So many entries are looked at for one page; a page may be shorter for it, and `next` goes on. */
const MOST_SCANNED = 5_000
/** Sorts after every string, in CouchDB's collation. */
const END = {}

/** One page of the audit, in time order. Throws INVALID_REQUEST for a filter that is not of its form. */
export async function listAudit(database: AuditDatabase, query: AuditQuery): Promise<AuditList> {
  const limit = limitOf(query.limit)
  const { view, prefix } = viewOf(query)
  const from = momentOf('from', query.from)
  const to = momentOf('to', query.to)
  const endKey = [...prefix, to ?? END]
  let startKey: readonly unknown[] = cursorOf(query.cursor, prefix) ?? [...prefix, ...(from ? [from] : [])]
  const entries: AuditEntry[] = []
  let scanned = 0
  for (;;) {
    // One more than a page: its key is where the next one begins.
    const rows = await database.view(view, { startKey, endKey, limit: limit + 1 })
    for (const { key, document } of rows) {
      if (entries.length === limit || scanned >= MOST_SCANNED) return { entries, next: cursorText(key) }
      // The last row of a full read is looked at as the first one of the next read.
      if (rows.length > limit && key === rows.at(-1)?.key) break
      scanned++
      if (!isAuditEntry(document)) throw new Error('a document in the audit is not of its form')
      // The views find by one filter; the other is held against each entry.
      if (query.node === undefined || document.node === query.node) entries.push(withoutRevision(document))
    }
    if (rows.length <= limit) return { entries }
    startKey = rows.at(-1)?.key as unknown[]
  }
}

function viewOf({ mrn, node }: AuditQuery): { view: 'by-time' | 'by-mrn' | 'by-node'; prefix: string[] } {
  if (mrn !== undefined) return { view: 'by-mrn', prefix: [mrn] }
  return node !== undefined ? { view: 'by-node', prefix: [node] } : { view: 'by-time', prefix: [] }
}

function limitOf(text: string | undefined): number {
  const limit = text === undefined ? DEFAULT_LIMIT : Number(text)
  if (Number.isInteger(limit) && limit >= 1 && limit <= MOST_LIMIT) return limit
  throw new CodedError('INVALID_REQUEST', `limit must be a number from 1 to ${MOST_LIMIT}.`)
}

function momentOf(name: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const isForm = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text)
  const ms = isForm ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(ms)) return new Date(ms).toISOString()
  throw new CodedError(
    'INVALID_REQUEST',
    `${name} must be a day like 2026-11-22 or a moment like 2026-11-22T07:41:03Z.`,
  )
}

function cursorText(key: unknown): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url')
}

function cursorOf(text: string | undefined, prefix: readonly string[]): string[] | undefined {
  if (text === undefined) return undefined
  let key: unknown
  try {
    key = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
  } catch {
    key = undefined
  }
  // Of another filter it would begin a page of somebody else's entries.
  const isOurs =
    Array.isArray(key) &&
    key.length === prefix.length + 2 &&
    key.every((part) => typeof part === 'string') &&
    prefix.every((part, index) => (key as unknown[])[index] === part)
  if (isOurs) return key as string[]
  throw new CodedError('INVALID_REQUEST', 'cursor must be the "next" of an earlier answer with the same filters.')
}

function withoutRevision({ _rev, ...entry }: AuditEntry): AuditEntry {
  return entry
}
