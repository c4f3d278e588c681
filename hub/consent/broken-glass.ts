import { CodedError } from '../../protocol/error-codes'
import type { AuditEntry, BtgEntry, BtgList, BtgReview } from '../../schemas/generated/types'
import { isAuditEntry } from '../../schemas/generated/validators'
import type { AuditDatabase } from '../audit/audit-database'
import type { WriteAudit } from '../audit/audit-log'
import { cursorOf, cursorText, END, limitOf, momentOf } from '../audit/audit-page'

export const BTG_FILTERS = ['status', 'from', 'to', 'limit', 'cursor'] as const
export type BtgQuery = { [F in (typeof BTG_FILTERS)[number]]?: string | undefined }

/** So many imports are looked at for one page; a page may be shorter for it, and `next` goes on. */
const MOST_SCANNED = 2_000
const ROWS_AT_ONCE = 500
/** Shown of each, the oldest; the audit has all. */
const MOST_REVIEWS_SHOWN = 20

/** The imports that broke the glass, oldest first, with what was found when they were reviewed. */
export async function listBrokenGlass(database: Pick<AuditDatabase, 'view'>, query: BtgQuery): Promise<BtgList> {
  const limit = limitOf(query.limit)
  const status = statusOf(query.status)
  const startKey = cursorOf(query.cursor, [], 2) ?? [momentOf('from', query.from) ?? '']
  const entries: BtgEntry[] = []
  let scanned = 0
  for await (const { key, entry } of brokenGlass(database, startKey, [momentOf('to', query.to) ?? END])) {
    if (entries.length === limit || scanned >= MOST_SCANNED) return { entries, next: cursorText(key) }
    scanned += 1
    if (status === undefined || entry.status === status) entries.push(entry)
  }
  return { entries }
}

/** The imports that broke the glass between two keys of the view, each with what was found in it. */
export async function* brokenGlass(
  database: Pick<AuditDatabase, 'view'>,
  startKey: readonly unknown[],
  endKey: readonly unknown[],
): AsyncGenerator<{ key: readonly unknown[]; entry: BtgEntry }> {
  let open: { key: readonly unknown[]; entry: BtgEntry } | undefined
  for (let from = startKey; ; ) {
    const rows = await database.view('broken-glass', { startKey: from, endKey, limit: ROWS_AT_ONCE + 1 })
    for (const { key, document } of rows.slice(0, ROWS_AT_ONCE)) {
      if (!isAuditEntry(document)) continue
      if (document.kind === 'import') {
        if (open) yield open
        open = { key: key.slice(0, 2), entry: btgEntryOf(document) }
      } else if (open && open.entry.auditId === document.reviewed) {
        open.entry.status = 'reviewed'
        if (open.entry.reviews.length < MOST_REVIEWS_SHOWN) open.entry.reviews.push(reviewOf(document))
      }
    }
    const next = rows[ROWS_AT_ONCE]
    if (!next) break
    from = next.key
  }
  if (open) yield open
}

function btgEntryOf(entry: AuditEntry): BtgEntry {
  const { _id, at, node = '', operator, mrn = '', linked, reason = '', overridden } = entry
  return {
    auditId: _id,
    at,
    node,
    ...(operator !== undefined && { operator }),
    mrn,
    reason,
    ...(linked && { linked }),
    ...(overridden !== undefined && { overridden }),
    status: 'open',
    reviews: [],
  }
}

function reviewOf({ reviewed = '', finding = '', at, operator = '' }: AuditEntry): BtgReview {
  return { auditId: reviewed, finding, at, operator }
}

function statusOf(text: string | undefined): BtgEntry['status'] | undefined {
  if (text === undefined || text === 'open' || text === 'reviewed') return text
  throw new CodedError('INVALID_REQUEST', 'status must be open or reviewed.')
}

/** What somebody found when he looked into it: another entry of the audit, which nothing changes. */
export async function reviewBrokenGlass(
  auditId: string,
  finding: string,
  operator: string,
  deps: { entryOf: (id: string) => Promise<unknown>; writeAudit: WriteAudit; now: () => Date },
): Promise<BtgReview> {
  const entry = await deps.entryOf(auditId)
  if (!isAuditEntry(entry) || entry.kind !== 'import' || entry.purpose !== 'BTG' || entry.outcome !== 'allowed') {
    throw new CodedError('BTG_UNKNOWN', 'No audit entry of this id broke the glass.')
  }
  const { node, mrn } = entry
  const at = deps.now().toISOString()
  await deps.writeAudit({
    kind: 'consent-review',
    action: 'review',
    at,
    outcome: 'allowed',
    operator,
    ...(node !== undefined && { node }),
    ...(mrn !== undefined && { mrn }),
    finding,
    reviewed: entry._id,
    reviewedAt: entry.at,
  })
  return { auditId: entry._id, finding, at, operator }
}
