import express from 'express'
import { readBody } from '../../runtime/read-body'
import { checked } from '../../schemas/check'
import type { OperatorSession, SessionDocument } from '../../schemas/generated/types'
import { isSignInRequest } from '../../schemas/generated/validators'
import type { Handlers } from '../access/handlers'
import {
  type AuthenticateOperatorParts,
  type OperatorCaller,
  openSession,
  withoutPrompt,
} from './authenticate-operator'
import { refuseOtherSites } from './other-sites'
import { csrfTokenOf, noSessionCookie, sessionCookie, sessionTokenOf } from './session-cookie'
import { idleUntil, type SessionTimes } from './sessions'
import type { SignInRecord } from './sign-in-record'

export interface SignInRoutesParts extends Omit<AuthenticateOperatorParts, 'verified'> {
  readonly record: SignInRecord
  readonly times: SessionTimes
}

export type SignInRouteName = 'POST /operator/session' | 'GET /operator/session' | 'DELETE /operator/session'

const BODY_BYTES = 4 * 1024
const parse = express.json({ limit: BODY_BYTES })

/** Signing in and out, and who is signed in. */
export function signInRoutes(parts: SignInRoutesParts): Handlers<SignInRouteName> {
  const { site, sessions, check, record, times } = parts

  const told = (caller: OperatorCaller, token: string, session: SessionDocument): OperatorSession => ({
    name: caller.name,
    role: caller.role,
    via: 'session',
    csrfToken: csrfTokenOf(token),
    idleUntil: idleUntil(session, times).toISOString(),
    endsAt: session.endsAt,
  })

  return {
    'POST /operator/session': async (_nobody, request, response) => {
      const isSecure = site.isSecure(request)
      response.setHeader('Cache-Control', 'no-store')
      // Or a page could sign its visitor in as somebody else.
      refuseOtherSites(request, isSecure, site.publicUrl)
      await readBody(parse, request, response)
      const asked = checked(isSignInRequest, request.body ?? {}, 'the sign-in')
      const account = await check({ ...asked, address: site.addressOf(request), via: 'session' }).catch(withoutPrompt)
      // Whatever session the browser had, a known one included, is not the one that begins.
      const before = sessionTokenOf(request.headers.cookie, isSecure)
      const left = before === undefined ? undefined : await sessions.of(before)
      if (left) await sessions.end(left)
      const { token, session } = await sessions.begin(account)
      response.setHeader('Set-Cookie', sessionCookie(token, isSecure))
      response.json(told({ ...account, via: 'session' }, token, session))
    },

    'GET /operator/session': async ({ name, role, via }, request, response) => {
      if (via === 'basic') {
        const answer: OperatorSession = { name, role, via }
        response.json(answer)
        return
      }
      const { token, session } = await openSession(request, parts)
      response.json(told({ name, role, via }, token, session))
    },

    'DELETE /operator/session': async ({ name, via }, request, response) => {
      if (via === 'session') {
        await sessions.end((await openSession(request, parts)).session)
        response.setHeader('Set-Cookie', noSessionCookie(site.isSecure(request)))
        await record.signedOut(site.addressOf(request), name)
      }
      response.status(204).end()
    },
  }
}
