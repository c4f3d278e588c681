import { CodedError } from '../../protocol/error-codes'
import type { AuditEntry } from '../../schemas/generated/types'
import { markAudited } from './audited'

/** An operator's decision, as the audit has it. */
export type Decision = Pick<AuditEntry, 'kind' | 'action' | 'node' | 'account' | 'operator' | 'reason'>

export type WriteDecision = (entry: Decision & Pick<AuditEntry, 'outcome' | 'code'>) => Promise<void>

/**
 * Law 6 for decisions: no entry, no deed. Where the deed is refused by then, a second entry says so, with the code. Where
 * that can't be written, the caller learns of the refusal all the same, and the audit's writer has logged the gap.
 */
export async function decide<T>(write: WriteDecision, decision: Decision, deed: () => Promise<T>): Promise<T> {
  await write({ ...decision, outcome: 'allowed' })
  try {
    return await deed()
  } catch (error) {
    if (error instanceof CodedError) {
      markAudited(error)
      await write({ ...decision, outcome: 'refused', code: error.code }).catch(() => undefined)
    }
    throw error
  }
}
