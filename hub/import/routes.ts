import type { Response } from 'express'
import { ulid } from 'ulid'
import { codedErrorOf } from '../../protocol/coded-error-of'
import type { ErrorCode } from '../../protocol/error-codes'
import { FHIR_JSON } from '../../protocol/import-bundle'
import { SIGNATURE_ALGORITHM, SIGNATURE_TAG, SIGNED_COMPONENTS } from '../../protocol/import-signature'
import { baseUrlOf } from '../../runtime/base-url'
import type { Log } from '../../runtime/log'
import { sendCompressed } from '../../runtime/send-compressed'
import type { Handlers } from '../access/handlers'
import { answerImport, IMPORT_ROUTE, type ImportDeps } from './answer-import'
import { ImportRoom } from './import-room'
import { stayIn } from './import-stay'
import { operatorReadHandler } from './operator-read-handler'
import { RefusalLimit } from './refusal-limit'

/** What the program gives; ids, the clock and the bound on refusals are made here. */
export type ImportRoutesDeps = Omit<ImportDeps, 'now' | 'newId' | 'refusals' | 'enter'> & {
  log: Log
  /** How long an answer may be on its way. */
  takingMs?: number
  publicUrl?: string | undefined
  /** Told of each request how it ended. */
  imported: (code: ErrorCode | 'OK') => void
}

/**
 * `GET /fhir/Patient/{mrn}/$everything`, signed (contract, section 6). Any other method there is refused, and audited. Operators
 * read at an address of their own, in the same room.
 */
export function importRoutes(deps: ImportRoutesDeps): Handlers<typeof IMPORT_ROUTE | 'GET /operator/records/:mrn'> {
  const all = { ...deps, now: () => new Date(), newId: ulid, refusals: new RefusalLimit() }
  const room = new ImportRoom()
  const stayOf = (response: Response) => stayIn(room, response, deps.takingMs)
  return {
    [IMPORT_ROUTE]: async (_unproven, request, response) => {
      response.setHeader('Cache-Control', 'no-store')
      const origin = baseUrlOf(request, deps.publicUrl)
      const address = { base: `${origin}/fhir`, self: `${origin}${request.originalUrl}` }
      const { mrn = '' } = request.params as { mrn?: string }
      const call = { method: request.method, target: request.originalUrl, headers: request.headers, mrn }
      const stay = stayOf(response)
      try {
        const bundle = await answerImport(call, address, { ...all, enter: stay.enter })
        deps.imported('OK')
        response.setHeader('Content-Type', FHIR_JSON)
        await sendCompressed(request, response, bundle)
      } catch (error) {
        deps.imported(codedErrorOf(error)?.code ?? 'INTERNAL')
        sayHow(error, response)
        throw error
      } finally {
        stay.worked()
      }
    },
    'GET /operator/records/:mrn': operatorReadHandler(all, stayOf),
  }
}

/** RFC 9421, section 5.1: what a signature has to look like. */
const ACCEPT_SIGNATURE = `sig=(${SIGNED_COMPONENTS.map((name) => `"${name}"`).join(' ')});created;alg="${SIGNATURE_ALGORITHM}";tag="${SIGNATURE_TAG}"`

/** What a refused caller should have done; the program answers the error itself, as an OperationOutcome. */
function sayHow(error: unknown, response: Response): void {
  const status = codedErrorOf(error)?.status
  if (status === 401) {
    response.setHeader('WWW-Authenticate', 'Signature realm="lontar"')
    response.setHeader('Accept-Signature', ACCEPT_SIGNATURE)
  }
  if (status === 405) response.setHeader('Allow', 'GET')
}
