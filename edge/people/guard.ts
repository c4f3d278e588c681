import type { Request, RequestHandler } from 'express'
import { CodedError } from '../../protocol/error-codes'
import { isSameSecret } from '../../runtime/same-secret'
import { csrfTokenOf, sessionCookies } from '../../runtime/session-cookie'
import { isLoopback } from '../../runtime/settings'
import type { KeptPerson } from '../../schemas/generated/types'
import { type Caller, setCaller } from './caller'
import type { People } from './people'
import { type Area, areaOf, mayDo } from './roles'
import type { Sessions } from './sessions'
import { NO_PROMPT } from './sign-in'
import type { Tokens } from './tokens'

export const COOKIES = sessionCookies('lontar-edge')

const BEARER = /^Bearer (\S{1,200})$/i

export interface GuardParts {
  readonly people: People
  readonly sessions: Sessions
  readonly tokens: Tokens
  readonly localToken: string
  /** Pages and what they load, which hold no data. */
  readonly isPage: (path: string) => boolean
}

/**
 * Refuse by default (law 7): once there is an account, every request is of a person with a session, of a system with a token
 * or of this machine's command line, and may do what its role says.
 */
export function guard(parts: GuardParts): RequestHandler {
  return async (request, _response, next) => {
    if (parts.people.isOpen) return next()
    const area = parts.isPage(request.path) && isRead(request.method) ? 'public' : areaOf(request.method, request.path)
    if (area === 'public') return next()
    const caller = await callerBehind(request, parts)
    setCaller(request, caller)
    refuseUnless(caller, area)
    next()
  }
}

/** Throws FORBIDDEN. */
export function refuseUnless({ role }: Pick<Caller, 'role'>, area: Area): void {
  if (mayDo(role, area)) return
  throw new CodedError('FORBIDDEN', `With the role ${role} this can not be done; ask an admin of the facility.`)
}

/**
 * Whether whoever began a long answer may go on hearing it: that session or token still is one, and a first account has not
 * shut out who came without.
 */
export function isStillLetIn(request: Request, parts: GuardParts): boolean {
  if (parts.people.isOpen) return true
  try {
    const [, bearer] = BEARER.exec(request.headers.authorization ?? '') ?? []
    if (bearer === undefined) signedIn(request, parts)
    else tokenBehind(bearer, request, parts)
    return true
  } catch (error) {
    if (error instanceof CodedError) return false
    throw error
  }
}

async function callerBehind(request: Request, parts: GuardParts): Promise<Caller> {
  const [, bearer] = BEARER.exec(request.headers.authorization ?? '') ?? []
  if (bearer !== undefined) return systemWith(bearer, request, parts)
  const { token, person } = signedIn(request, parts)
  if (!isRead(request.method)) {
    refuseForged(request, token)
    await parts.sessions.used(token)
  }
  return callerFor(person)
}

function callerFor({ name, fullName, role, practitioner }: KeptPerson): Caller {
  return { kind: 'person', name, fullName, role, ...(practitioner !== undefined && { practitioner }) }
}

async function systemWith(bearer: string, request: Request, parts: GuardParts): Promise<Caller> {
  const token = tokenBehind(bearer, request, parts)
  if (token === 'local') return { kind: 'machine', name: 'local', fullName: 'Command line', role: 'admin' }
  await parts.tokens.used(token.id)
  return { kind: 'system', name: token.id, fullName: token.name, role: token.role }
}

/** Throws UNAUTHENTICATED. */
function tokenBehind(bearer: string, request: Request, { tokens, localToken }: GuardParts) {
  const isHere = isLoopback(request.socket.remoteAddress?.replace(/^::ffff:/, '') ?? '')
  if (isHere && isSameSecret(bearer, localToken)) return 'local'
  const token = tokens.of(bearer)
  if (!token) throw new CodedError('UNAUTHENTICATED', 'The token is none, or was revoked.', { headers: NO_PROMPT })
  return token
}

/** The session that comes with a request. Throws SIGNED_OUT. */
export function signedIn(
  request: Request,
  { people, sessions }: Pick<GuardParts, 'people' | 'sessions'>,
): { token: string; person: KeptPerson } {
  const token = COOKIES.tokenOf(request.headers.cookie, request.secure)
  const session = token === undefined ? undefined : sessions.of(token)
  const person = session && people.of(session.name)
  if (token === undefined || !session || !person || person.isDisabled || person.stamp !== session.stamp)
    throw new CodedError('SIGNED_OUT', 'Nobody is signed in here; sign in and go on.', { headers: NO_PROMPT })
  return { token, person }
}

/** A page of another origin can send the cookie along, and can't read what belongs into the header. Throws CSRF. */
export function refuseForged(request: Request, token: string): void {
  const header = request.headers['x-csrf-token']
  if (typeof header === 'string' && isSameSecret(header, csrfTokenOf(token))) return
  throw new CodedError('CSRF', "A change needs the session's X-CSRF-Token; load the page again.")
}

function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD'
}
