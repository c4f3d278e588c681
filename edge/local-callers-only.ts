import type { RequestHandler } from 'express'
import { CodedError } from '../protocol/error-codes'
import { isLoopback } from '../runtime/settings'

/**
 * The edge has no accounts, so only programs of its own machine may call it. A web page that somebody reads there is one
 * of them to the operating system: a name that a foreign site points here (DNS rebinding) shows in Host, a page of
 * another site in Origin.
 */
export const localCallersOnly: RequestHandler = (request, _response, next) => {
  const { host = '', origin } = request.headers
  const isLocal = isLoopback(hostnameOf(`http://${host}`)) && (origin === undefined || isLoopback(hostnameOf(origin)))
  next(isLocal ? undefined : new CodedError('FORBIDDEN', 'The edge answers programs of its own machine alone.'))
}

function hostnameOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).hostname : ''
}
