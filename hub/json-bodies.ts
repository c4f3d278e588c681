import type { RequestHandler } from 'express'
import { CodedError } from '../protocol/error-codes'

const JSON_TYPE = 'application/json'

/**
 * Refuses a body of another content type, which the JSON parser would pass over as if nothing had been sent. What any page
 * can make a browser send without asking first (a form, plain text) is among it.
 */
export const jsonBodies: RequestHandler = (request, _response, next) => {
  const { 'content-type': type = '', 'content-length': length = '0', 'transfer-encoding': coding } = request.headers
  const [essence = ''] = type.toLowerCase().split(';')
  // RFC 9112, section 6: a request has a body where one of these says so.
  const hasBody = coding !== undefined || length !== '0'
  if (!hasBody || essence.trim() === JSON_TYPE) return next()
  next(new CodedError('UNSUPPORTED_MEDIA_TYPE', `The content type must be ${JSON_TYPE}.`))
}
