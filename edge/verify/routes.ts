import express, { Router } from 'express'
import { checked } from '../../schemas/check'
import type { VerifyStatus } from '../../schemas/generated/types'
import { isVerifyStart } from '../../schemas/generated/validators'

export interface VerifyRoutesDeps {
  request: (start: { newKey?: boolean }) => Promise<VerifyStatus>
  status: () => VerifyStatus
}

/** `POST /verify` asks for a verification, `GET /verify` tells how it stands and what the last one found. */
export function verifyRoutes({ request, status }: VerifyRoutesDeps): Router {
  const router = Router({ caseSensitive: true })
  router.post('/verify', express.json({ limit: 1_024 }), async (asked, response) => {
    response.status(202).json(await request(checked(isVerifyStart, asked.body ?? {}, 'the request')))
  })
  router.get('/verify', (_request, response) => {
    response.json(status())
  })
  return router
}
