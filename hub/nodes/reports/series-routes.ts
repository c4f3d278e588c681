import { CodedError } from '../../../protocol/error-codes'
import type { NodeDocument, NodeSeries } from '../../../schemas/generated/types'
import type { Handlers } from '../../access/handlers'
import { queryOf } from '../../access/query-of'
import { momentOf } from '../../audit/audit-page'
import { nodeUnknown } from '../node-documents'
import { DAYS_KEPT } from './kept-reports'
import type { SeriesPoint } from './series-point'

const DAY_MS = 24 * 3_600_000
const DAYS_SHOWN = 7

export type SeriesRouteName = 'GET /operator/nodes/:nodeName/series'

/** How a facility fared, hour by hour. */
export function seriesRoutes(deps: {
  readNode: (nodeName: string) => Promise<NodeDocument | undefined>
  series: (nodeName: string, from: string, to: string) => Promise<SeriesPoint[]>
  now: () => Date
}): Handlers<SeriesRouteName> {
  return {
    'GET /operator/nodes/:nodeName/series': async (_operator, request, response) => {
      const query = queryOf(request, ['from', 'to'])
      const to = momentOf('to', query.to) ?? deps.now().toISOString()
      const from = momentOf('from', query.from) ?? new Date(Date.parse(to) - DAYS_SHOWN * DAY_MS).toISOString()
      const ms = Date.parse(to) - Date.parse(from)
      if (ms < 0 || ms > (DAYS_KEPT + 1) * DAY_MS) {
        throw new CodedError('INVALID_REQUEST', `from must be before to, and ${DAYS_KEPT} days at the most.`)
      }
      const { nodeName = '' } = request.params as { nodeName?: string }
      if (!(await deps.readNode(nodeName))) throw nodeUnknown()
      const answer: NodeSeries = { series: await deps.series(nodeName, from, to) }
      response.json(answer)
    },
  }
}
