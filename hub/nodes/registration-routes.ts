import express, { type Request, Router } from 'express'
import { CodedError } from '../../protocol/error-codes'
import { baseUrlOf } from '../../runtime/base-url'
import { checked } from '../../schemas/check'
import type {
  RegistrationAnswer,
  RegistrationDocument,
  RegistrationReceipt,
  RegistrationRequest,
} from '../../schemas/generated/types'
import { isRegistrationRequest } from '../../schemas/generated/validators'
import { bearerOf } from './basic-auth'

export interface RegistrationDependencies {
  request: (request: RegistrationRequest) => Promise<{ created: boolean; registration: RegistrationDocument }>
  /** Undefined for an unknown id and for a claim that is not its own. */
  answer: (id: string, claim: string, baseUrl: string) => Promise<RegistrationAnswer | undefined>
  publicUrl?: string
}

/** An hour: people have to decide first. */
const RETRY_AFTER_SECONDS = 3_600
const BODY_BYTES = 16 * 1024

/** The way in for a facility that the hub does not know yet. */
export function registrationRoutes({ request, answer, publicUrl }: RegistrationDependencies): Router {
  const router = Router({ caseSensitive: true })

  router.post('/registrations', express.json({ limit: BODY_BYTES }), async ({ body }: Request, response) => {
    const wanted = checked(isRegistrationRequest, body, 'the registration')
    response.setHeader('Cache-Control', 'no-store')
    const { created, registration } = await request(wanted).catch((error: unknown) => {
      if (error instanceof CodedError && error.code === 'TOO_MANY_REGISTRATIONS') {
        response.setHeader('Retry-After', String(RETRY_AFTER_SECONDS))
      }
      throw error
    })
    const { id, status, pairingCode } = registration
    const receipt: RegistrationReceipt = { id, status, pairingCode }
    response.status(created ? 201 : 200).json(receipt)
  })

  router.get('/registrations/:id', async (asked, response) => {
    response.setHeader('Cache-Control', 'no-store')
    const claim = bearerOf(asked.headers.authorization)
    const found = claim && (await answer(asked.params.id, claim, baseUrlOf(asked, publicUrl)))
    if (!found) throw new CodedError('UNAUTHENTICATED', 'No registration has this id and this claim.')
    response.json(found)
  })

  return router
}
