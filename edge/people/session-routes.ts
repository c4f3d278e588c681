import express, { type Request, type Response, Router } from 'express'
import { CodedError } from '../../protocol/error-codes'
import { readBody } from '../../runtime/read-body'
import { csrfTokenOf } from '../../runtime/session-cookie'
import { checked } from '../../schemas/check'
import type { AppSession } from '../../schemas/generated/types'
import { isAppSignIn, isPasswordRequest } from '../../schemas/generated/validators'
import { COOKIES, refuseForged, signedIn } from './guard'
import type { People } from './people'
import { areasOf } from './roles'
import type { Sessions } from './sessions'
import type { SignIn } from './sign-in'

export interface SessionRoutesDeps {
  readonly facility: NonNullable<AppSession['facility']>
  readonly people: People
  readonly sessions: Sessions
  readonly signIn: SignIn
}

export const parseSmall = express.json({ limit: 4 * 1024 })

/** Signing in and out, and who is signed in. */
export function sessionRoutes(deps: SessionRoutesDeps): Router {
  const { facility, people, sessions, signIn } = deps
  const router = Router({ caseSensitive: true })

  router.get('/app/session', (request, response) => {
    response.setHeader('Cache-Control', 'no-store')
    response.json(sessionNow(request, deps))
  })

  router.post('/app/session', async (request, response) => {
    refuseOtherPages(request)
    await readBody(parseSmall, request, response)
    const { name, password } = checked(isAppSignIn, request.body ?? {}, 'the sign-in')
    const person = await signIn.check(name, password, request.socket.remoteAddress ?? '')
    await people.note(person.name, { lastSignInAt: new Date().toISOString() })
    await startSession(request, response, person.name, deps)
  })

  // Somebody is at the keyboard, and only reads or types.
  router.put('/app/session', async (request, response) => {
    const { token } = signedIn(request, deps)
    refuseForged(request, token)
    await sessions.used(token)
    response.json(sessionNow(request, deps))
  })

  router.put('/app/session/password', async (request, response) => {
    const { token, person } = signedIn(request, deps)
    refuseForged(request, token)
    await readBody(parseSmall, request, response)
    const asked = checked(isPasswordRequest, request.body ?? {}, 'the request')
    await signIn.check(person.name, asked.password, request.socket.remoteAddress ?? '')
    await people.change(person.name, { password: asked.newPassword })
    await startSession(request, response, person.name, deps)
  })

  router.delete('/app/session', async (request, response) => {
    const token = COOKIES.tokenOf(request.headers.cookie, request.secure)
    if (token !== undefined && sessions.of(token)) {
      refuseForged(request, token)
      await sessions.end(token)
    }
    response.setHeader('Set-Cookie', COOKIES.clear(request.secure))
    response.json({ stage: people.isOpen ? 'open' : 'signed-out', facility } satisfies AppSession)
  })

  return router
}

/** A new session, whatever the browser had before. */
export async function startSession(
  request: Request,
  response: Response,
  name: string,
  { facility, people, sessions }: Omit<SessionRoutesDeps, 'signIn'>,
): Promise<void> {
  const before = COOKIES.tokenOf(request.headers.cookie, request.secure)
  if (before !== undefined) await sessions.end(before)
  const person = people.of(name)
  if (!person) throw new Error('a session of nobody')
  const token = await sessions.begin(person)
  response.setHeader('Cache-Control', 'no-store')
  response.setHeader('Set-Cookie', COOKIES.set(token, request.secure))
  response.json(told(token, name, { facility, people, sessions }))
}

function sessionNow(request: Request, deps: Omit<SessionRoutesDeps, 'signIn'>): AppSession {
  const { facility, people } = deps
  if (people.isOpen) return { stage: 'open', facility, may: areasOf(undefined) }
  try {
    const { token, person } = signedIn(request, deps)
    return told(token, person.name, deps)
  } catch (error) {
    if (error instanceof CodedError && error.code === 'SIGNED_OUT') return { stage: 'signed-out', facility }
    throw error
  }
}

function told(token: string, name: string, { facility, people, sessions }: Omit<SessionRoutesDeps, 'signIn'>) {
  const person = people.of(name)
  const session = sessions.of(token)
  if (!person || !session) return { stage: 'signed-out', facility } satisfies AppSession
  const { fullName, role, practitioner } = person
  return {
    stage: 'signed-in',
    facility,
    person: { name, fullName, role, ...(practitioner !== undefined && { practitioner }) },
    may: areasOf(role),
    csrfToken: csrfTokenOf(token),
    secondsLeft: Math.floor(sessions.msLeft(session) / 1000),
  } satisfies AppSession
}

/** Or a page could sign its visitor in as somebody else. The host itself was looked at before. */
export function refuseOtherPages({ headers, secure }: Request): void {
  const { origin, host = '' } = headers
  if (origin === undefined || origin === `${secure ? 'https' : 'http'}://${host}`) return
  throw new CodedError('FORBIDDEN', 'A page of another site may not sign in here.')
}
