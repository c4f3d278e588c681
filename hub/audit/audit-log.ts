import { ulid } from 'ulid'
import type { Log } from '../../runtime/log'
import type { Stoppable } from '../../runtime/service'
import { checked } from '../../schemas/check'
import type { AuditEntry, AuditHead } from '../../schemas/generated/types'
import { isAuditEntry } from '../../schemas/generated/validators'
import { AuditChain } from './audit-chain'
import type { AuditDatabase } from './audit-database'
import { wellFormed } from './well-formed'
import { startWitness } from './witness'

/** An entry as it is written: without an `_id` it gets one of its own, and without a time the present one. */
export type NewAuditEntry = Omit<AuditEntry, '_id' | '_rev' | 'at' | 'chain'> & { _id?: string; at?: string }

/** Creates an entry and never changes one: `exists` says that one has this id already, so nothing was written. */
export type WriteAudit = (entry: NewAuditEntry) => Promise<'written' | 'exists'>

export interface AuditLog extends Stoppable {
  readonly write: WriteAudit
  /** The end of this process's chain that is known to be on the disk. */
  readonly head: () => AuditHead | undefined
}

/**
 * The audit as this process writes it (law 6). Whoever releases or decides something waits for `written` first; anything
 * else, and any error, means that it does not happen. An entry of a refusal is written once nothing more can be stopped:
 * where that fails, the caller is told of the refusal, and the log of the gap in the audit.
 */
export function openAuditLog(
  database: AuditDatabase,
  options: {
    readonly now?: () => Date
    readonly log?: Pick<Log, 'error' | 'warn' | 'info'>
    /** How long until the ends of other chains are looked at again. */
    readonly witnessMs?: number
  } = {},
): AuditLog {
  const { now = () => new Date(), log } = options
  const chain: AuditChain = new AuditChain(database, { now, log, onBegin: () => witness.look() })
  const witness = startWitness(chain, database, { log, everyMs: options.witnessMs })
  return {
    head: () => chain.head,
    async write(entry) {
      const at = now()
      const document: AuditEntry = wellFormed({
        ...entry,
        _id: entry._id ?? `${entry.kind}:${ulid(at.getTime())}`,
        at: entry.at ?? at.toISOString(),
      })
      try {
        return await chain.write(checked(isAuditEntry, document, 'an audit entry'))
      } catch (error) {
        const { kind, action, outcome, code } = entry
        if (outcome === 'refused') {
          log?.error({ err: error, kind, action, code }, 'the audit lacks an entry of a refusal')
        }
        throw error
      }
    },
    async stop() {
      await witness.stop()
      await chain.stop()
    },
  }
}
