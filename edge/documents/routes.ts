import { Router } from 'express'
import type { Resource } from 'fhir/r4'
import { CodedError } from '../../protocol/error-codes'
import { attachmentsIn, openedAttachment } from './attachment'

/** Nothing in a file may load, run or send anything, whatever it is. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; form-action 'none'; base-uri 'none'"

/**
 * `GET /app/documents/{type}/{id}/{number}`: a file of a DocumentReference or a DiagnosticReport as bytes, to be looked at or saved.
 *
 * @param read throws RESOURCE_NOT_FOUND and RESOURCE_DELETED
 */
export function documentRoutes(read: (type: string, id: string) => Promise<Resource>): Router {
  const router = Router({ caseSensitive: true })
  router.get('/app/documents/:type/:id/:number', async (request, response) => {
    const { type, id, number } = request.params
    const resource = await read(type, id)
    const attachment = /^[0-9]{1,3}$/.test(number) ? attachmentsIn(resource)[Number(number)] : undefined
    const opened = attachment && openedAttachment(attachment)
    if (!opened) throw new CodedError('NOT_FOUND', 'There is no file of this number in the resource.')
    response.setHeader('Content-Type', opened.contentType)
    response.setHeader('Content-Disposition', opened.disposition)
    response.setHeader('Content-Security-Policy', CONTENT_SECURITY_POLICY)
    response.setHeader('X-Content-Type-Options', 'nosniff')
    response.setHeader('Cache-Control', 'no-store')
    response.end(opened.bytes)
  })
  return router
}
