import { CodedError } from '../../protocol/error-codes'
import { type Caller, type Role, roleOf, roleOfNode } from './caller'
import { AREAS, ROUTES, type RouteName, type Row } from './table'

/** What a caller is told at a row of the table; undefined where he is let through. */
export function refusalAt(place: RouteName | keyof typeof AREAS, caller: Caller): CodedError | undefined {
  return refusalIn(rowOf(place), roleOf(caller), caller.kind === 'node' ? caller.node.suspendedReason : undefined)
}

/** As refusalAt, for a node that has shown by its signature who it is. */
export function refusalOfSigner(
  place: RouteName,
  node: Parameters<typeof roleOfNode>[0] & { suspendedReason?: string },
): CodedError | undefined {
  return refusalIn(rowOf(place), roleOfNode(node), node.suspendedReason)
}

function rowOf(place: RouteName | keyof typeof AREAS): Row {
  return { ...ROUTES, ...AREAS }[place]
}

function refusalIn({ proof, cells }: Row, role: Role, suspendedReason: string | undefined): CodedError | undefined {
  const verdict = cells[role]
  switch (verdict) {
    case 'in':
      return undefined
    case 'NODE_SUSPENDED':
      return new CodedError(verdict, suspendedReason ?? 'The operator has suspended this facility.')
    case 'DATA_ACCESS_REQUIRED':
      return new CodedError(verdict, 'The facility has no accepted data-access registration.')
    case 'FORBIDDEN':
      return new CodedError(
        verdict,
        proof === 'operator' ? 'Your role may not do this.' : 'A node may push here, and nothing else.',
      )
    default:
      return new CodedError(verdict, 'The credentials for this address are missing or wrong.')
  }
}
