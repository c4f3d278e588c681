import { type Request, Router } from 'express'
import { CodedError } from '../../protocol/error-codes'
import { isMrn } from '../../protocol/mrn'
import type { Disclosure, DisclosureList } from '../../schemas/generated/types'

export interface DisclosureRoutesDeps {
  /** Newest first. */
  page(limit: number, of: { mrn?: string; cursor?: string }): Promise<{ disclosures: Disclosure[]; next?: string }>
  askedAt(): Promise<string | undefined>
  /** Asks the hub now. Throws HUB_UNREACHABLE. */
  refresh(): Promise<unknown>
}

const DEFAULT_LIMIT = 100
const MOST_LIMIT = 1_000

/** `GET /disclosures`: who outside has read records of this facility. `POST /disclosures/refresh` asks the hub before. */
export function disclosureRoutes(deps: DisclosureRoutesDeps): Router {
  const router = Router({ caseSensitive: true })
  const list = async (limit: number, of: { mrn?: string; cursor?: string }): Promise<DisclosureList> => {
    const askedAt = await deps.askedAt()
    return { ...(await deps.page(limit, of)), ...(askedAt !== undefined && { askedAt }) }
  }
  router.get('/disclosures', async (request, response) => {
    const { limit, ...of } = readQuery(request)
    response.json(await list(limit, of))
  })
  router.post('/disclosures/refresh', async (_request, response) => {
    await deps.refresh()
    response.json(await list(DEFAULT_LIMIT, {}))
  })
  return router
}

function readQuery({ query }: Request): { limit: number; mrn?: string; cursor?: string } {
  const { limit = String(DEFAULT_LIMIT), mrn, cursor, ...others } = query
  const isLimit = typeof limit === 'string' && /^[1-9][0-9]{0,3}$/.test(limit) && Number(limit) <= MOST_LIMIT
  if (Object.keys(others).length > 0 || !isLimit) {
    throw new CodedError('INVALID_REQUEST', `The query may hold mrn, cursor, and limit from 1 to ${MOST_LIMIT}.`)
  }
  if (mrn !== undefined && !(typeof mrn === 'string' && isMrn(mrn))) {
    throw new CodedError('INVALID_REQUEST', 'mrn must be an MRN.')
  }
  if (cursor !== undefined && typeof cursor !== 'string') {
    throw new CodedError('INVALID_REQUEST', 'cursor must be the "next" of an earlier answer.')
  }
  return { limit: Number(limit), ...(mrn !== undefined && { mrn }), ...(cursor !== undefined && { cursor }) }
}
