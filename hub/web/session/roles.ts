import type { OperatorSession } from '../../../schemas/generated/types'

export type Role = OperatorSession['role']

/** As the hub lets them in (hub/access/table.ts): it decides, and the console offers nothing that would be refused. */
const ROLES_THAT = {
  look: ['operator', 'viewer'],
  decide: ['operator'],
  audit: ['operator', 'auditor'],
} as const satisfies Record<string, readonly Role[]>

export type MayDo = keyof typeof ROLES_THAT

export function may(role: Role, what: MayDo): boolean {
  return (ROLES_THAT[what] as readonly Role[]).includes(role)
}

/** Where somebody of this role begins. */
export function firstPlaceOf(role: Role): string {
  return may(role, 'look') ? '/today' : '/audit'
}
