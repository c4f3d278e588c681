import { createContext, useContext } from 'react'
import type { OperatorSession, SignInRequest } from '../../../schemas/generated/types'
import type { MayDo } from './roles'

export interface SessionHandle {
  readonly session: OperatorSession
  readonly may: (what: MayDo) => boolean
  readonly signOut: () => Promise<void>
}

export const SessionContext = createContext<SessionHandle | undefined>(undefined)

/** Who is signed in, and what may be done. */
export function useSession(): SessionHandle {
  const handle = useContext(SessionContext)
  if (!handle) throw new Error('useSession outside of SessionGate')
  return handle
}

/** Throws AskError. */
export type SignIn = (asked: SignInRequest) => Promise<void>
