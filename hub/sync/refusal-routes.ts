import { type Request, Router } from 'express'
import { CodedError } from '../../protocol/error-codes'
import { isNodeName } from '../../protocol/node-name'
import type { RefusalList as RefusalListAnswer } from '../../schemas/generated/types'
import type { RefusalList } from './refusal-list'

export interface RefusalRoutesDependencies {
  /** Throws UNAUTHENTICATED for anybody else. */
  authenticateOperator: (request: Request) => Promise<unknown>
  refusals: RefusalList
}

/** `GET /operator/refused?node=node-101`: what the gate refused, for people at the hub (law 4). */
export function refusalRoutes({ authenticateOperator, refusals }: RefusalRoutesDependencies): Router {
  const router = Router({ caseSensitive: true })
  router.get('/operator/refused', async (request, response) => {
    await authenticateOperator(request)
    const { node } = request.query
    if (typeof node !== 'string' || !isNodeName(node)) {
      throw new CodedError('INVALID_REQUEST', 'The query must name one node: ?node=node-101.')
    }
    const entries = await refusals.of(node)
    response.setHeader('Cache-Control', 'no-store')
    const list: RefusalListAnswer = { refused: entries.map(({ _id, _rev, kind, ...entry }) => entry) }
    response.json(list)
  })
  return router
}
