import { createContext, useContext } from 'react'
import type { AppSession } from '../../../schemas/generated/types'

export type MayDo = NonNullable<AppSession['may']>[number]

export interface SessionHandle {
  readonly session: AppSession
  /** It has ended, and the page waits behind the question for the password. */
  readonly isOver: boolean
  /** Whether whoever sits here may see and change this; with no account everybody may. */
  readonly may: (area: MayDo) => boolean
  /** Throws AskError. */
  readonly signIn: (name: string, password: string) => Promise<void>
  readonly signOut: () => Promise<void>
  /** What came of a request that changed the session. */
  readonly renew: (session: AppSession) => void
}

export const SessionContext = createContext<SessionHandle | undefined>(undefined)

/** Who is signed in, and what may be done. */
export function useSession(): SessionHandle {
  const handle = useContext(SessionContext)
  if (!handle) throw new Error('useSession outside of SessionGate')
  return handle
}
