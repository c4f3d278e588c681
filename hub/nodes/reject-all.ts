import { CodedError } from '../../protocol/error-codes'
import type { RejectAllRequest, RejectAllResult } from '../../schemas/generated/types'
import { isAudited } from '../audit/audited'
import type { NodeStores } from './node-stores'
import { rejectRegistration } from './reject-registration'

/** So many at once: the audit writes together what comes together. */
const AT_ONCE = 10

/**
 * Rejects each by itself, with an entry of its own: one that somebody else has decided meanwhile holds up no other. What
 * is no answer to one of them, as a database that is away, ends it; the same again changes nothing of what is done.
 */
export async function rejectAll(
  { ids, reason }: RejectAllRequest,
  operator: string,
  stores: NodeStores,
): Promise<RejectAllResult> {
  const rejected: string[] = []
  const left: RejectAllResult['left'] = []
  const one = async (id: string) => {
    try {
      await rejectRegistration(id, reason, operator, stores)
      rejected.push(id)
    } catch (error) {
      if (!(error instanceof CodedError) || error.status >= 500) throw error
      const { code, message } = error
      if (!isAudited(error)) {
        const entry = { kind: 'registration', action: 'reject', operator, reason, outcome: 'refused', code } as const
        await stores.audit(entry)
      }
      left.push({ id, error: code, reason: message })
    }
  }
  for (let at = 0; at < ids.length; at += AT_ONCE) await Promise.all(ids.slice(at, at + AT_ONCE).map(one))
  return { rejected, left }
}
