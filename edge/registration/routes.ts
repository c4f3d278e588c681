import express, { Router } from 'express'
import { CodedError } from '../../protocol/error-codes'
import { checked } from '../../schemas/check'
import { isDataAccessRequest } from '../../schemas/generated/validators'
import type { RegistrationAgent } from './registration-agent'

/** `POST /registration` and `POST /data-access`: the facility's people ask the hub's operator once more. */
export function registrationRoutes(agent: RegistrationAgent): Router {
  const router = Router({ caseSensitive: true })
  router.post('/data-access', express.json({ limit: '16kb' }), (request, response) => {
    const { reason } = checked(isDataAccessRequest, request.body ?? {}, 'the request')
    response.status(202).json(agent.askForDataAccess(reason))
  })
  router.post('/registration', async (_request, response) => {
    if (!(await agent.askAgain()))
      throw new CodedError('REGISTRATION_DECIDED', 'This facility is registered, and need not ask.')
    response.status(202).json(agent.status())
  })
  return router
}
