import { CodedError } from '../../protocol/error-codes'
import { isNodeName } from '../../protocol/node-name'
import type { RefusalList, RefusalReasons } from '../../schemas/generated/types'
import type { Handlers } from '../access/handlers'
import { queryOf } from '../access/query-of'
import type { RefusedQuery } from './refused-pages'

/** What the gate refused, across facilities or of one, for people at the hub (law 4). */
export function refusalRoutes({
  page,
  reasons,
}: {
  page: (query: RefusedQuery) => Promise<RefusalList>
  reasons: () => Promise<RefusalReasons>
}): Handlers<'GET /operator/refused' | 'GET /operator/refused/reasons'> {
  return {
    'GET /operator/refused': async (_operator, request, response) => {
      const query = queryOf(request, ['node', 'reason', 'limit', 'after'])
      if (query.node !== undefined && !isNodeName(query.node)) {
        throw new CodedError('INVALID_REQUEST', 'node must be the name of a node, such as node-101.')
      }
      response.json(await page(query))
    },
    'GET /operator/refused/reasons': async (_operator, request, response) => {
      queryOf(request, [])
      response.json(await reasons())
    },
  }
}
