import type { NodeDocument, RegistrationDocument } from '../../schemas/generated/types'

/** A person of the ministry: an operator decides, a viewer looks, an auditor reads who did what. */
export interface Operator {
  name: string
  role: 'operator' | 'viewer' | 'auditor'
  via: 'basic' | 'session'
}

/** Who calls, as far as the route asks for it and the request has shown it. */
export type Caller =
  | { kind: 'nobody' }
  /** Holds the claim of a registration, whatever became of that. */
  | { kind: 'pending'; registration: RegistrationDocument }
  /** Also a suspended one. `password` is for acting as its CouchDB user. */
  | { kind: 'node'; node: NodeDocument; password: string }
  | ({ kind: 'operator' } & Operator)
  | { kind: 'metrics' }

/** The columns of the table. */
export const ROLES = [
  'nobody',
  'pending',
  'node',
  'suspended node',
  'node without data access',
  'operator',
  'viewer',
  'auditor',
  'metrics reader',
] as const

export type Role = (typeof ROLES)[number]

export function roleOf(caller: Caller): Role {
  switch (caller.kind) {
    case 'nobody':
    case 'pending':
      return caller.kind
    case 'node':
      return roleOfNode(caller.node)
    case 'operator':
      return caller.role
    case 'metrics':
      return 'metrics reader'
  }
}

export function roleOfNode({ state, dataAccess }: Pick<NodeDocument, 'state' | 'dataAccess'>): Role {
  if (state !== 'active') return 'suspended node'
  return dataAccess.status === 'accepted' ? 'node' : 'node without data access'
}
