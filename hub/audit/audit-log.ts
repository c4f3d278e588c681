import { ulid } from 'ulid'
import type { Log } from '../../runtime/log'
import { checked } from '../../schemas/check'
import type { AuditEntry } from '../../schemas/generated/types'
import { isAuditEntry } from '../../schemas/generated/validators'

/** What the audit needs of its database; hub/couch gives it. */
export interface AuditDatabase {
  put(document: { _id: string }): Promise<'written' | 'conflict'>
  /** Rows of a view of the design document `entries` in the order of their keys, with their documents. */
  view(
    name: 'by-time' | 'by-mrn' | 'by-node',
    range: { startKey: readonly unknown[]; endKey: readonly unknown[]; limit: number },
  ): Promise<{ key: unknown; document: unknown }[]>
}

/** An entry as it is written: without an `_id` it gets one of its own, and without a time the present one. */
export type NewAuditEntry = Omit<AuditEntry, '_id' | '_rev' | 'at'> & { _id?: string; at?: string }

/** Creates an entry and never changes one: `exists` says that one has this id already, so nothing was written. */
export type WriteAudit = (entry: NewAuditEntry) => Promise<'written' | 'exists'>

/**
 * The writer of the audit (law 6). Whoever releases or decides something waits for `written` first; anything else, and
 * any error, means that it does not happen. An entry of a refusal is written once nothing more can be stopped: where that
 * fails, the caller is told of the refusal, and the log of the gap in the audit.
 */
export function auditWriter(
  database: AuditDatabase,
  { now = () => new Date(), log }: { readonly now?: () => Date; readonly log?: Pick<Log, 'error'> } = {},
): WriteAudit {
  return async (entry) => {
    const at = now()
    const document: AuditEntry = {
      ...entry,
      _id: entry._id ?? `${entry.kind}:${ulid(at.getTime())}`,
      at: entry.at ?? at.toISOString(),
    }
    try {
      const outcome = await database.put(checked(isAuditEntry, document, 'an audit entry'))
      return outcome === 'written' ? 'written' : 'exists'
    } catch (error) {
      const { kind, action, outcome, code } = entry
      if (outcome === 'refused') log?.error({ err: error, kind, action, code }, 'the audit lacks an entry of a refusal')
      throw error
    }
  }
}
