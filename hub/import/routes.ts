import { type ErrorRequestHandler, type Request, type RequestHandler, type Response, Router } from 'express'
import { ulid } from 'ulid'
import { codedErrorOf } from '../../protocol/coded-error-of'
import { FHIR_JSON } from '../../protocol/import-bundle'
import { SIGNATURE_ALGORITHM, SIGNATURE_TAG, SIGNED_COMPONENTS } from '../../protocol/import-signature'
import { baseUrlOf } from '../../runtime/base-url'
import type { Log } from '../../runtime/log'
import { sendCompressed } from '../../runtime/send-compressed'
import { answerImport, type ImportDeps } from './answer-import'
import { RefusalLimit } from './refusal-limit'

/** What the program gives; ids, the clock and the bound on refusals are made here. */
export type ImportRoutesDeps = Omit<ImportDeps, 'now' | 'newId' | 'refusals'> & {
  log: Log
  publicUrl?: string | undefined
}

/** `GET /fhir/Patient/{mrn}/$everything`, signed (contract, section 6). Any other method there is refused, and audited. */
export function importRoutes(deps: ImportRoutesDeps): Router {
  const router = Router({ caseSensitive: true })
  const full: ImportDeps = { ...deps, now: () => new Date(), newId: ulid, refusals: new RefusalLimit() }
  router.all('/fhir/Patient/:mrn/$everything', everything(full, deps.publicUrl))
  router.use('/fhir', sayHow)
  return router
}

function everything(deps: ImportDeps, publicUrl: string | undefined): RequestHandler<{ mrn: string }> {
  return async (request, response) => {
    response.setHeader('Cache-Control', 'no-store')
    const origin = baseUrlOf(request, publicUrl)
    const address = { base: `${origin}/fhir`, self: `${origin}${request.originalUrl}` }
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

/** RFC 9421, section 5.1: what a signature has to look like. */
const ACCEPT_SIGNATURE = `sig=(${SIGNED_COMPONENTS.map((name) => `"${name}"`).join(' ')});created;alg="${SIGNATURE_ALGORITHM}";tag="${SIGNATURE_TAG}"`

/** What a refused caller should have done; the program answers the error itself, as an OperationOutcome. */
const sayHow: ErrorRequestHandler = (error: unknown, _request: Request, response: Response, next) => {
  const status = codedErrorOf(error)?.status
  if (status === 401) {
    response.setHeader('WWW-Authenticate', 'Signature realm="lontar"')
    response.setHeader('Accept-Signature', ACCEPT_SIGNATURE)
  }
  if (status === 405) response.setHeader('Allow', 'GET')
  next(error)
}
