import { Router } from 'express'
import { CodedError } from '../protocol/error-codes'

const GET = ['GET', 'HEAD'] as const
const POST = ['POST'] as const

/** Held against docs/openapi.yaml, and that against the routes. */
const METHODS: Readonly<Record<string, readonly string[]>> = {
  '/healthz': GET,
  '/readyz': GET,
  '/registrations': POST,
  '/registrations/:id': GET,
  '/node/configuration': GET,
  '/node/data-access': POST,
  '/node/verify': POST,
  '/receipt-key': GET,
  '/operator/registrations': GET,
  '/operator/registrations/:id/accept': POST,
  '/operator/registrations/:id/reject': POST,
  '/operator/nodes': GET,
  '/operator/nodes/:nodeName/receipt': GET,
  '/operator/nodes/:nodeName/suspend': POST,
  '/operator/nodes/:nodeName/resume': POST,
  '/operator/nodes/:nodeName/rotate': POST,
  '/operator/nodes/:nodeName/reopen': POST,
  '/operator/nodes/:nodeName/budget': ['PUT'],
  '/operator/nodes/:nodeName/data-access/accept': POST,
  '/operator/nodes/:nodeName/data-access/reject': POST,
  '/operator/refused': GET,
  '/operator/audit': GET,
}

/**
 * Comes after all routes: an address that is there, asked with a method that none of them takes, says which it takes (RFC
 * 9110, section 15.5.6). It looks at nothing else, so it tells no more than the documentation does.
 */
export function knownMethods(): Router {
  const router = Router({ caseSensitive: true })
  for (const [path, methods] of Object.entries(METHODS)) {
    router.all(path, (_request, response) => {
      response.setHeader('Allow', methods.join(', '))
      throw new CodedError('METHOD_NOT_ALLOWED', 'This address does not take this method.')
    })
  }
  return router
}
