import { CodedError } from '../../protocol/error-codes'
import { isSameSecret } from '../../runtime/same-secret'
import type { SessionDocument } from '../../schemas/generated/types'
import { basicOf } from '../nodes/basic-auth'
import type { Account, Accounts, OperatorRole } from './accounts'
import { type CheckCredentials, wrong } from './check-credentials'
import { refuseOtherSites } from './other-sites'
import { csrfTokenOf, sessionTokenOf } from './session-cookie'
import type { Sessions } from './sessions'
import type { VerifiedPasswords } from './verified-passwords'

/** A person who was let in, and how. */
export interface OperatorCaller {
  readonly name: string
  readonly role: OperatorRole
  readonly via: 'basic' | 'session'
}

/** What is looked at in a request; Express' own is one. */
export interface AskingRequest {
  readonly method: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>> & {
    readonly authorization?: string | undefined
    readonly cookie?: string | undefined
    readonly origin?: string | undefined
    readonly host?: string | undefined
  }
  readonly ip?: string | undefined
  readonly secure?: boolean
}

/** Throws UNAUTHENTICATED, SIGNED_OUT, LOCKED, FORBIDDEN or CSRF. */
export type AuthenticateOperator = (request: AskingRequest) => Promise<OperatorCaller>

export interface AuthenticateOperatorParts {
  readonly accounts: Accounts
  readonly sessions: Sessions
  readonly check: CheckCredentials
  readonly verified: VerifiedPasswords
  readonly site: Site
}

/** Where this hub is reached. */
export interface Site {
  /** Whether a request came, or browsers believe that it came, over TLS. */
  isSecure(request: AskingRequest): boolean
  readonly publicUrl?: string | undefined
  /** What an address counts as. */
  addressOf(request: AskingRequest): string
}

export interface OpenSession {
  readonly token: string
  readonly session: SessionDocument
  readonly account: Account
}

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS']
/** RFC 9110, section 11.6.1, wants a challenge; `Basic` would make a browser ask for a password by itself. */
const BY_SESSION = { 'WWW-Authenticate': 'Session realm="lontar"' } as const

/** Who operates: by Basic where the request has an Authorization, which nothing else mends, and else by session. */
export function operatorAuthenticator(parts: AuthenticateOperatorParts): AuthenticateOperator {
  return async (request) => {
    const isSecure = parts.site.isSecure(request)
    refuseOtherSites(request, isSecure, parts.site.publicUrl)
    if (request.headers.authorization !== undefined) return byBasic(request, parts)
    const { token, session, account } = await openSession(request, parts)
    if (!SAFE_METHODS.includes(request.method) && !isSameSecret(csrfHeaderOf(request), csrfTokenOf(token))) {
      throw new CodedError('CSRF', "A change needs the session's token in X-CSRF-Token.")
    }
    await parts.sessions.used(session)
    return { name: account.name, role: account.role, via: 'session' }
  }
}

async function byBasic(request: AskingRequest, parts: AuthenticateOperatorParts): Promise<OperatorCaller> {
  const basic = basicOf(request.headers.authorization)
  if (!basic) throw wrong()
  const account = await parts.accounts.of(basic.name)
  const address = parts.site.addressOf(request)
  const known = [basic.name, basic.password, address, account?.stamp ?? '', account?.document?.totp?.activeAt ?? '']
  let role = account?.role
  await parts.verified.unlessKnown(known, async () => {
    role = (await parts.check({ ...basic, address, via: 'basic' })).role
  })
  if (!role) throw wrong()
  return { name: basic.name, role, via: 'basic' }
}

/** The session that a request comes with. Throws UNAUTHENTICATED where it has none, and SIGNED_OUT where that has ended. */
export async function openSession(
  request: AskingRequest,
  { site, sessions, accounts }: Pick<AuthenticateOperatorParts, 'site' | 'sessions' | 'accounts'>,
): Promise<OpenSession> {
  const token = sessionTokenOf(request.headers.cookie, site.isSecure(request))
  if (token === undefined) {
    const headers = isScriptOfPage(request) ? BY_SESSION : {}
    throw new CodedError('UNAUTHENTICATED', 'Sign in, or send a name and password.', { headers })
  }
  const session = await sessions.of(token)
  const account = session && (await accounts.of(session.name))
  // Of a password, a role or an account that is no more.
  if (session?.stamp !== account?.stamp || !session || !account) {
    throw new CodedError('SIGNED_OUT', 'The session has ended; sign in again.', { headers: BY_SESSION })
  }
  return { token, session, account }
}

/** Throws the error as a page gets it, which asks for a password itself: the browser shall not. */
export function withoutPrompt(error: unknown): never {
  if (!(error instanceof CodedError) || error.status !== 401) throw error
  throw new CodedError(error.code, error.message, { headers: { ...error.headers, ...BY_SESSION }, cause: error })
}

/** Browsers say so; whoever looks with a browser's address bar, or with curl, is asked for a password. */
function isScriptOfPage({ headers }: AskingRequest): boolean {
  return headers['sec-fetch-site'] !== undefined && headers['sec-fetch-mode'] !== 'navigate'
}

function csrfHeaderOf({ headers }: AskingRequest): string {
  const value = headers['x-csrf-token']
  return typeof value === 'string' ? value : ''
}
