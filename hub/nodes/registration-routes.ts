import express, { type Request } from 'express'
import { baseUrlOf } from '../../runtime/base-url'
import { readBody } from '../../runtime/read-body'
import { checked } from '../../schemas/check'
import type {
  RegistrationAnswer,
  RegistrationDocument,
  RegistrationReceipt,
  RegistrationRequest,
} from '../../schemas/generated/types'
import { isRegistrationRequest } from '../../schemas/generated/validators'
import type { Handlers } from '../access/handlers'

export interface RegistrationDependencies {
  request: (
    request: RegistrationRequest,
    addressHash: string,
  ) => Promise<{ created: boolean; registration: RegistrationDocument }>
  answer: (registration: RegistrationDocument, baseUrl: string) => Promise<RegistrationAnswer>
  /** Of where a request comes from, as `addressHasher` has it. */
  addressHashOf: (request: Request) => string
  /** Told of each registration that is new. */
  registered: (outcome: 'requested') => void
  publicUrl?: string
}

const BODY_BYTES = 16 * 1024
const parseBody = express.json({ limit: BODY_BYTES })

export type RegistrationRouteName = 'POST /registrations' | 'GET /registrations/:id'

/** The way in for a facility that the hub does not know yet. */
export function registrationRoutes({
  request,
  answer,
  addressHashOf,
  registered,
  publicUrl,
}: RegistrationDependencies): Handlers<RegistrationRouteName> {
  return {
    'POST /registrations': async (_nobody, asked, response) => {
      await readBody(parseBody, asked, response)
      const wanted = checked(isRegistrationRequest, asked.body, 'the registration')
      response.setHeader('Cache-Control', 'no-store')
      const { created, registration } = await request(wanted, addressHashOf(asked))
      if (created) registered('requested')
      const { id, status, pairingCode } = registration
      const receipt: RegistrationReceipt = { id, status, pairingCode }
      response.status(created ? 201 : 200).json(receipt)
    },

    'GET /registrations/:id': async ({ registration }, asked, response) => {
      response.setHeader('Cache-Control', 'no-store')
      response.json(await answer(registration, baseUrlOf(asked, publicUrl)))
    },
  }
}
