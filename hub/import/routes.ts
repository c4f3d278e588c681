import { type ErrorRequestHandler, type Request, type RequestHandler, type Response, Router } from 'express'
import { ulid } from 'ulid'
import { codedErrorOf } from '../../protocol/coded-error-of'
import { FHIR_JSON } from '../../protocol/import-bundle'
import { SIGNATURE_ALGORITHM, SIGNATURE_TAG, SIGNED_COMPONENTS } from '../../protocol/import-signature'
import { operationOutcomeOf } from '../../protocol/operation-outcome'
import type { Log } from '../../runtime/log'
import { answerImport, type ImportDeps } from './answer-import'
import { RefusalLimit } from './refusal-limit'
import { sendCompressed } from './send-compressed'

/** What the program gives; ids, the clock and the bound on refusals are made here. */
export type ImportRoutesDeps = Omit<ImportDeps, 'now' | 'newId' | 'refusals'> & { log: Log }

/** `GET /fhir/Patient/{mrn}/$everything`, signed (contract, section 6). Any other method there is refused, and audited. */
export function importRoutes(deps: ImportRoutesDeps): Router {
  const router = Router()
  const full: ImportDeps = { ...deps, now: () => new Date(), newId: ulid, refusals: new RefusalLimit() }
  router.all('/fhir/Patient/:mrn/$everything', everything(full))
  router.use('/fhir', refuseAsOutcome)
  return router
}

function everything(deps: ImportDeps): RequestHandler<{ mrn: string }> {
  return async (request, response) => {
    response.setHeader('Cache-Control', 'no-store')
    const address = addressOf(request)
    const call = {
      method: request.method,
      target: request.originalUrl,
      headers: request.headers,
      mrn: request.params.mrn,
    }
    const text = await answerImport(call, address, deps)
    response.setHeader('Content-Type', FHIR_JSON)
    await sendCompressed(request, response, text)
  }
}

/** The Host header names the hub as this client knows it; the answer goes to nobody else. */
function addressOf(request: Request<{ mrn: string }>): { base: string; self: string } {
  const host = request.headers.host ?? ''
  const origin = /^[A-Za-z0-9.:[\]-]{1,255}$/.test(host) ? `${request.protocol}://${host}` : ''
  return { base: `${origin}/fhir`, self: `${origin}${request.originalUrl}` }
}

/** RFC 9421, section 5.1: what a signature has to look like. */
const ACCEPT_SIGNATURE = `sig=(${SIGNED_COMPONENTS.map((name) => `"${name}"`).join(' ')});created;alg="${SIGNATURE_ALGORITHM}";tag="${SIGNATURE_TAG}"`

/** Under /fhir an error is an OperationOutcome. A bug goes on to where the program answers and logs it. */
const refuseAsOutcome: ErrorRequestHandler = (error: unknown, _request: Request, response: Response, next) => {
  const coded = codedErrorOf(error)
  if (!coded || response.headersSent) return next(error)
  if (coded.status === 401) {
    response.setHeader('WWW-Authenticate', 'Signature realm="lontar"')
    response.setHeader('Accept-Signature', ACCEPT_SIGNATURE)
  }
  if (coded.status === 405) response.setHeader('Allow', 'GET')
  response.status(coded.status).setHeader('Content-Type', FHIR_JSON)
  response.end(JSON.stringify(operationOutcomeOf(coded)))
}
