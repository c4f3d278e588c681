import { CodedError } from '../../protocol/error-codes'
import type { AuditEntry, AuditList } from '../../schemas/generated/types'
import { isAuditEntry } from '../../schemas/generated/validators'
import type { AuditDatabase, AuditView } from './audit-database'
import { cursorOf, cursorText, END, limitOf, MOST_LIMIT, momentOf, withoutRevision } from './audit-page'

export const AUDIT_FILTERS = ['mrn', 'node', 'operator', 'kind', 'outcome', 'from', 'to'] as const

/**
 * `from` is the first moment that is meant, an ISO date or time; `to` the first that is no longer meant. All filters
 * together. `order` is `oldest` (first), unless it says `newest`.
 */
export type AuditQuery = { [F in (typeof AUDIT_FILTERS)[number] | 'order' | 'limit' | 'cursor']?: string | undefined }

/** So many entries are looked at for one page; a page may be shorter for it, and `next` goes on. */
const MOST_SCANNED = 5_000

/** The filters that have a view; the first one that is given finds, and the others are held against each entry. */
const VIEWS: Readonly<Record<'mrn' | 'node' | 'operator' | 'kind', AuditView>> = {
  mrn: 'by-mrn',
  node: 'by-node',
  operator: 'by-operator',
  kind: 'by-kind',
}

/** One page of the audit, in order of time. Throws INVALID_REQUEST for a filter that is not of its form. */
export async function listAudit(database: AuditDatabase, query: AuditQuery): Promise<AuditList> {
  const limit = limitOf(query.limit)
  const { view, prefix, isMeant, atOnce } = planOf(query, limit)
  const from = momentOf('from', query.from)
  const to = momentOf('to', query.to)
  const isDescending = wordOf('order', query.order, /^(oldest|newest)$/, 'oldest or newest') === 'newest'
  // A key goes on after its moment, so what is of `to` itself sorts behind it, and is left out from either end.
  const first = [...prefix, ...(from ? [from] : [])]
  const last = [...prefix, to ?? END]
  const [beginning, endKey] = isDescending ? [last, first] : [first, last]
  let startKey: readonly unknown[] = cursorOf(query.cursor, prefix, prefix.length + 2) ?? beginning
  const entries: AuditEntry[] = []
  let scanned = 0
  let malformed = 0
  const page = () => ({ entries, ...(malformed > 0 && { malformed }) })
  for (;;) {
    // One more than is looked at: its key is where the next read begins.
    const rows = await database.view(view, { startKey, endKey, limit: atOnce + 1, isDescending })
    for (const { key, document } of rows) {
      if (entries.length === limit || scanned >= MOST_SCANNED) return { ...page(), next: cursorText(key) }
      // The last row of a full read is looked at as the first one of the next read.
      if (rows.length > atOnce && key === rows.at(-1)?.key) break
      scanned++
      if (!isAuditEntry(document)) malformed++
      else if (isMeant(document)) entries.push(withoutRevision(document))
    }
    const next = rows[atOnce]
    if (next === undefined) return page()
    startKey = next.key
  }
}

/** All of the audit that a query means, page by page: no more than one is in memory. */
export async function* auditEntries(database: AuditDatabase, query: AuditQuery): AsyncGenerator<AuditEntry> {
  let { cursor } = query
  do {
    const page = await listAudit(database, { ...query, limit: String(MOST_LIMIT), cursor })
    yield* page.entries
    cursor = page.next
  } while (cursor !== undefined)
}

function planOf(query: AuditQuery, limit: number) {
  const outcome = wordOf('outcome', query.outcome, /^(allowed|refused)$/, 'allowed or refused')
  const kind = wordOf('kind', query.kind, /^[a-z][a-z-]{1,40}$/, 'a kind of entry, such as import')
  const finding = (Object.keys(VIEWS) as (keyof typeof VIEWS)[]).find((name) => query[name] !== undefined)
  const { node, operator } = query
  const isMeant = (entry: AuditEntry) =>
    (outcome === undefined || entry.outcome === outcome) &&
    (kind === undefined || entry.kind === kind) &&
    (node === undefined || entry.node === node) &&
    (operator === undefined || entry.operator === operator)
  const held = [outcome, kind, node, operator].filter((value) => value !== undefined).length
  const isHeldTo = held > (finding === undefined || finding === 'mrn' ? 0 : 1)
  return {
    view: finding === undefined ? ('by-time' as const) : VIEWS[finding],
    prefix: finding === undefined ? [] : [query[finding] ?? ''],
    isMeant,
    // Where most may be passed over, few reads of many are cheaper.
    atOnce: isHeldTo ? MOST_LIMIT : limit,
  }
}

function wordOf(name: string, text: string | undefined, form: RegExp, expected: string): string | undefined {
  if (text === undefined || form.test(text)) return text
  throw new CodedError('INVALID_REQUEST', `${name} must be ${expected}.`)
}
