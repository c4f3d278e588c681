import { CodedError } from '../../protocol/error-codes'
import { isNodeName } from '../../protocol/node-name'
import type { RefusalList as RefusalListAnswer } from '../../schemas/generated/types'
import type { Handlers } from '../access/handlers'
import type { RefusalList } from './refusal-list'

/** `GET /operator/refused?node=node-101`: what the gate refused, for people at the hub (law 4). */
export function refusalRoutes({ refusals }: { refusals: RefusalList }): Handlers<'GET /operator/refused'> {
  return {
    'GET /operator/refused': async (_operator, request, response) => {
      const { node } = request.query
      if (typeof node !== 'string' || !isNodeName(node)) {
        throw new CodedError('INVALID_REQUEST', 'The query must name one node: ?node=node-101.')
      }
      const entries = await refusals.of(node)
      const list: RefusalListAnswer = { refused: entries.map(({ _id, _rev, kind, ...entry }) => entry) }
      response.json(list)
    },
  }
}
