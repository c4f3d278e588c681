import { type Request, Router } from 'express'
import { CodedError } from '../../protocol/error-codes'
import type { RefusedDocument, RefusedList } from '../../schemas/generated/types'

export interface RefusedRoutesDeps {
  /** By id, after that one. */
  page(after: string, limit: number): Promise<RefusedDocument[]>
  retry(): void
}

/** As many as people look through; the counter in /status has them all. */
const MOST_SHOWN = 1_000

/** `GET /refused`: what the hub refused, with its reasons. `POST /refused/retry` has it sent once more. */
export function refusedRoutes({ page, retry }: RefusedRoutesDeps): Router {
  const router = Router({ caseSensitive: true })
  router.get('/refused', async (request, response) => {
    const { after, limit } = readQuery(request)
    const refused = await page(after, limit + 1)
    const isMore = refused.length > limit
    const list: RefusedList = { refused: refused.slice(0, limit) }
    response.json(isMore ? { ...list, next: list.refused.at(-1)?.id } : list)
  })
  router.post('/refused/retry', (_request, response) => {
    retry()
    response.status(202).json({ status: 'asked' })
  })
  return router
}

function readQuery({ query }: Request): { after: string; limit: number } {
  const { after = '', limit = String(MOST_SHOWN) } = query
  const isLimit = typeof limit === 'string' && /^[1-9][0-9]{0,3}$/.test(limit) && Number(limit) <= MOST_SHOWN
  if (typeof after === 'string' && isLimit) return { after, limit: Number(limit) }
  throw new CodedError('INVALID_REQUEST', `limit is from 1 to ${MOST_SHOWN}, after the "next" of an answer.`)
}
