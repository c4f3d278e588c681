import { type ErrorRequestHandler, Router } from 'express'
import type { LoadReport } from '../../schemas/generated/types'
import { ElementError } from '../fhir/element-error'
import { readJson } from '../fhir/requests'
import { oneAtATime } from './one-at-a-time'

/** As unpacked: a bundle that is loaded can be larger than one over FHIR. */
export const MAX_LOAD_BYTES = 64 * 1024 * 1024

/** `POST /load`: a bundle of another system, answered with what was done. */
export function loadRoutes(load: (bundle: unknown) => Promise<LoadReport>): Router {
  const router = Router({ caseSensitive: true })
  router.post('/load', oneAtATime(), ...readJson(MAX_LOAD_BYTES), async (request, response) => {
    response.json(await load(request.body))
  })
  router.use('/load', nameElements)
  return router
}

/** The error body of the contract, and beside it each element that is wrong. */
const nameElements: ErrorRequestHandler = (error, _request, response, next) => {
  if (!(error instanceof ElementError)) return next(error)
  response.status(error.status).json({ ...error.body, issues: error.problems })
}
