import { Router } from 'express'
import { CodedError } from '../../protocol/error-codes'
import type { PatientList } from '../../schemas/generated/types'

export interface PatientRoutesDeps {
  /** Best first. Throws INVALID_REQUEST for a position that no answer gave. */
  find(text: string, page: { after?: string; limit: number }): Promise<PatientList>
}

const DEFAULT_LIMIT = 25
const MOST_LIMIT = 100
const LONGEST_TEXT = 200

/** `GET /app/patients?text=&cursor=&limit=`: patients while somebody types; without a text those that changed last. */
export function patientRoutes({ find }: PatientRoutesDeps): Router {
  const router = Router({ caseSensitive: true })
  router.get('/app/patients', async ({ query }, response) => {
    const { text = '', cursor, limit = String(DEFAULT_LIMIT), ...others } = query
    if (Object.keys(others).length > 0 || typeof text !== 'string' || text.length > LONGEST_TEXT)
      throw new CodedError(
        'INVALID_REQUEST',
        `The query may hold text of up to ${LONGEST_TEXT} letters, cursor and limit.`,
      )
    if (typeof limit !== 'string' || !/^[1-9][0-9]{0,2}$/.test(limit) || Number(limit) > MOST_LIMIT)
      throw new CodedError('INVALID_REQUEST', `limit must be a whole number from 1 to ${MOST_LIMIT}.`)
    if (cursor !== undefined && typeof cursor !== 'string')
      throw new CodedError('INVALID_REQUEST', 'cursor must be the "next" of an earlier answer.')
    const page = { limit: Number(limit), ...(cursor !== undefined && { after: cursor }) }
    response.setHeader('Cache-Control', 'no-store')
    response.json((await find(text, page)) satisfies PatientList)
  })
  return router
}
