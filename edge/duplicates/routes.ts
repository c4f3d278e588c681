import express, { Router } from 'express'
import { CodedError } from '../../protocol/error-codes'
import { checked } from '../../schemas/check'
import type { DuplicateList, DuplicateRequest } from '../../schemas/generated/types'
import { isDuplicateRequest } from '../../schemas/generated/validators'

/** `POST /app/duplicates`: who somebody that is about to be registered might be. By POST, as names stand in no address. */
export function duplicateRoutes(find: (entered: DuplicateRequest) => Promise<DuplicateList>): Router {
  const router = Router({ caseSensitive: true })
  router.post('/app/duplicates', express.json({ limit: '16kb' }), async (request, response) => {
    if (request.body === undefined) throw new CodedError('UNSUPPORTED_MEDIA_TYPE', 'The body must be application/json.')
    response.json(await find(checked(isDuplicateRequest, request.body, 'the request')))
  })
  return router
}
