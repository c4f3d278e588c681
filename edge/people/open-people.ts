import type { Request, RequestHandler } from 'express'
import { ulid } from 'ulid'
import { CodedError } from '../../protocol/error-codes'
import { PasswordHasher } from '../../runtime/password-hasher'
import type { KeptPerson } from '../../schemas/generated/types'
import type { EdgeState } from '../store/state'
import { guard, isStillLetIn } from './guard'
import { makeLocalToken } from './local-token'
import { People } from './people'
import { type KeptSession, Sessions, type SessionTimes } from './sessions'
import { SignIn } from './sign-in'
import { type KeptToken, Tokens } from './tokens'

export interface OpenedPeople {
  readonly people: People
  readonly sessions: Sessions
  readonly tokens: Tokens
  readonly signIn: SignIn
  readonly guard: RequestHandler
  /** For answers that go on: whether whoever asked may hear more. */
  readonly isStillLetIn: (request: Request) => boolean
}

/** All that is known of who may work here, out of the edge's state. */
export async function openPeople(
  state: EdgeState,
  options: { dataFolder: string; times: SessionTimes; now: () => Date; isPage: (path: string) => boolean },
): Promise<OpenedPeople> {
  const { dataFolder, times, now, isPage } = options
  const hasher = new PasswordHasher(tooMany)
  const people = await People.open({ part: state.part<KeptPerson>('people'), hasher, now })
  const sessions = await Sessions.open(state.part<KeptSession>('sessions'), times, now)
  const tokens = await Tokens.open(state.part<KeptToken>('tokens'), () => ulid(), now)
  const localToken = await makeLocalToken(dataFolder)
  const parts = { people, sessions, tokens, localToken, isPage }
  return {
    ...{ people, sessions, tokens, signIn: new SignIn(people, hasher, now), guard: guard(parts) },
    isStillLetIn: (request) => isStillLetIn(request, parts),
  }
}

function tooMany(): CodedError {
  return new CodedError('OVERLOADED', 'Too many sign in at once; try again in a moment.', {
    headers: { 'Retry-After': '5' },
  })
}
