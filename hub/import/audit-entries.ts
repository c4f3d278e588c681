import type { CodedError } from '../../protocol/error-codes'
import { isMrn } from '../../protocol/mrn'
import { REASON_CHARACTERS } from '../../protocol/purpose-of-use'
import type { AuditEntry } from '../../schemas/generated/types'
import type { ImportCall } from './authenticate'
import { purposeOf, reasonOf } from './import-request'

/**
 * The entry of an import, allowed (no error) or refused. It holds what the caller wrote, cut to size and without
 * control characters, also where that is why it was refused.
 *
 * @param node the signer; where nobody's signature was right, the name that was claimed
 */
export function importEntry(
  call: ImportCall,
  entry: {
    id: string
    at: Date
    node?: string | undefined
    /** A person of the ministry, in place of a node. */
    operator?: string
    error?: CodedError | undefined
    /** The records that are released. */
    mrns?: readonly string[]
    withheld?: number
    overridden?: number
  },
): AuditEntry {
  const purpose = purposeOf(call)
  // Anybody may write one, and people read it at a terminal.
  const reason = [...(reasonOf(call) ?? '').replace(/\p{Cc}/gu, ' ').trim()].slice(0, REASON_CHARACTERS).join('')
  const linked = (entry.mrns ?? []).filter((mrn) => mrn !== call.mrn)
  return {
    _id: entry.id,
    kind: 'import',
    action: 'Patient/$everything',
    at: entry.at.toISOString(),
    outcome: entry.error ? 'refused' : 'allowed',
    ...(entry.node === undefined ? {} : { node: entry.node }),
    ...(entry.operator === undefined ? {} : { operator: entry.operator }),
    ...(isMrn(call.mrn) ? { mrn: call.mrn } : {}),
    ...(purpose !== undefined && /^[A-Z]{2,20}$/.test(purpose) ? { purpose } : {}),
    ...(reason === '' ? {} : { reason }),
    ...(entry.error ? { code: entry.error.code } : {}),
    ...(entry.withheld ? { withheld: entry.withheld } : {}),
    ...(entry.overridden === undefined ? {} : { overridden: entry.overridden }),
    ...(linked.length > 0 ? { linked } : {}),
  }
}
