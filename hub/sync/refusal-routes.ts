import { CodedError } from '../../protocol/error-codes'
import { isNodeName } from '../../protocol/node-name'
import type { RefusalList, RefusalReasons } from '../../schemas/generated/types'
import type { Handlers } from '../access/handlers'
import { queryOf } from '../access/query-of'
import { decide, type WriteDecision } from '../audit/decide'
import type { RefusedQuery } from './refused-pages'

/**
 * What the gate refused, across facilities or of one, for people at the hub (law 4). Its documents are named by MRNs, so whoever looks
 * is written down first (law 6); reasons are sentences with numbers.
 */
export function refusalRoutes({
  audit,
  page,
  reasons,
}: {
  audit: WriteDecision
  page: (query: RefusedQuery) => Promise<RefusalList>
  reasons: () => Promise<RefusalReasons>
}): Handlers<'GET /operator/refused' | 'GET /operator/refused/reasons'> {
  return {
    'GET /operator/refused': async ({ name: operator }, request, response) => {
      const query = queryOf(request, ['node', 'reason', 'limit', 'after'])
      if (query.node !== undefined && !isNodeName(query.node)) {
        throw new CodedError('INVALID_REQUEST', 'node must be the name of a node, such as node-101.')
      }
      const look = { kind: 'look', action: 'refused', operator, ...(query.node && { node: query.node }) } as const
      response.json(await decide(audit, look, () => page(query)))
    },
    'GET /operator/refused/reasons': async (_operator, request, response) => {
      queryOf(request, [])
      response.json(await reasons())
    },
  }
}
