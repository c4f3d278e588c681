import { externalIdOfNode } from '../../../protocol/node-name'
import type { AuditEntry } from '../../../schemas/generated/types'

/** The key of an entry's deed among the words; `other` where it has none, and is shown as it is. */
export function deedKeyOf({ kind, action }: Pick<AuditEntry, 'kind' | 'action'>): string {
  const known: readonly string[] = KNOWN[kind] ?? []
  if (kind === 'import') return 'import'
  return known.includes(action) ? `${kind}.${action}` : 'other'
}

/** docs/audit.md has the whole list; what is a route there is shown as one. */
const KNOWN: Partial<Record<AuditEntry['kind'], readonly string[]>> = {
  registration: ['accept', 'reject', 'request'],
  node: ['suspend', 'resume', 'rotate', 'reopen', 'district', 'budget', 'configuration', 'restore', 'retry-refused'],
  'data-access': ['accept', 'reject', 'accept with the paper scheme'],
  'consent-review': ['review'],
  configuration: ['rekey', 'alert-settings', 'alert-test'],
  'sign-in': ['sign-in', 'sign-out', 'lock'],
  operator: ['add', 'remove', 'password', 'role', 'unlock', 'totp-begin', 'totp-on', 'totp-off'],
  look: ['refused', 'statistics'],
  chain: ['start', 'witness', 'void', 'seal'],
}

/** Who did it, and to whom: an operator decides about a facility or an account, a facility asks for a patient. */
export function partiesOf(entry: AuditEntry): { who: string | undefined; about: string | undefined } {
  const { operator, node, account, mrn, address } = entry
  const facility = node && (externalIdOfNode(node) ?? node)
  if (operator !== undefined) return { who: operator, about: account ?? mrn ?? facility }
  return { who: facility ?? address, about: mrn ?? account }
}
