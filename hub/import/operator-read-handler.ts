import type { Response } from 'express'
import { FHIR_JSON } from '../../protocol/import-bundle'
import { baseUrlOf } from '../../runtime/base-url'
import { sendCompressed } from '../../runtime/send-compressed'
import type { Handlers } from '../access/handlers'
import { markAudited } from '../audit/audited'
import type { ImportStay } from './import-stay'
import { type OperatorReadDeps, readByOperator } from './read-by-operator'

/** `GET /operator/records/{mrn}` with Purpose-Of-Use: the Bundle of an import, for a person of the ministry. */
export function operatorReadHandler(
  deps: Omit<OperatorReadDeps, 'enter'> & { publicUrl?: string | undefined },
  stayOf: (response: Response) => ImportStay,
): Handlers<'GET /operator/records/:mrn'>['GET /operator/records/:mrn'] {
  return async ({ name }, request, response) => {
    const origin = baseUrlOf(request, deps.publicUrl)
    const address = { base: `${origin}/fhir`, self: `${origin}${request.originalUrl}` }
    const { mrn = '' } = request.params as { mrn?: string }
    // HEAD tells as much as GET whom the hub knows, and is written down as one.
    const call = { method: 'GET', target: request.originalUrl, headers: request.headers, mrn }
    const stay = stayOf(response)
    try {
      const read = await readByOperator(call, name, address, { ...deps, enter: stay.enter })
      if ('refused' in read) {
        markAudited(read.refused)
        throw read.refused
      }
      response.setHeader('Content-Type', FHIR_JSON)
      await sendCompressed(request, response, read.bundle)
    } finally {
      stay.worked()
    }
  }
}
