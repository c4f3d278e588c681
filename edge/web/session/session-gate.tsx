import { Center, Loader, Modal } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppSession } from '../../../schemas/generated/types'
import { ask, setCsrfToken, whenSignedOut } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { LiveChanges } from '../live/live-changes'
import { SignInForm } from '../sign-in/sign-in-form'
import { SignInPage } from '../sign-in/sign-in-page'
import { IdleWatch } from './idle-watch'
import { SessionContext, type SessionHandle } from './use-session'

const StartPage = lazy(() => import('../start/start-page').then(({ StartPage }) => ({ default: StartPage })))

/**
 * Shows the app to whoever may see it, else what has to come first. A session that ends while somebody works takes nothing
 * away: the page stays as it is behind the question for the password.
 */
export function SessionGate({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [session, setSession] = useState<AppSession>()
  const [error, setError] = useState<unknown>()
  /** The session that ended while somebody was at work; what it showed stays. */
  const [ended, setEnded] = useState<AppSession>()
  const current = useRef<AppSession>(undefined)
  const lastPerson = useRef<string>(undefined)
  const others = useRef<BroadcastChannel>(undefined)

  const renew = useCallback((next: AppSession) => {
    setCsrfToken(next.csrfToken)
    const before = current.current
    // What the one before had on the screen is not for the other.
    if (isSomebodyElse(lastPerson.current, next)) return window.location.assign('/')
    current.current = next
    lastPerson.current = next.person?.name ?? lastPerson.current
    setError(undefined)
    setEnded((ended) => (next.stage === 'signed-out' ? (ended ?? (before?.person && before)) : undefined))
    setSession(next)
  }, [])
  const look = useCallback(() => ask<AppSession>('/app/session').then(renew, setError), [renew])

  useEffect(() => {
    whenSignedOut(() => void look())
    void look()
    // The windows of a browser have one session.
    const channel = new BroadcastChannel('session')
    channel.addEventListener('message', () => void look())
    others.current = channel
    return () => channel.close()
  }, [look])

  const handle = useMemo<SessionHandle | undefined>(() => {
    const shown = ended ?? session
    if (!shown) return undefined
    return {
      session: shown,
      isOver: session?.stage === 'signed-out',
      may: (area) => shown.may?.includes(area) ?? false,
      renew,
      signIn: async (name, password) => {
        const next = await ask<AppSession>('/app/session', { method: 'POST', body: { name, password } })
        others.current?.postMessage('signed in')
        renew(next)
        if (!isSomebodyElse(lastPerson.current, next)) await queries.invalidateQueries()
      },
      signOut: async () => {
        await ask<AppSession>('/app/session', { method: 'DELETE' })
        window.location.assign('/sign-in')
      },
    }
  }, [session, ended, renew, queries])

  const loading = (
    <Center h="100vh">
      <Loader aria-label={t('frame.loading')} />
    </Center>
  )
  if (!handle || !session) return error ? <Failure error={error} onRetry={() => void look()} /> : loading
  const { stage } = session
  return (
    <SessionContext.Provider value={handle}>
      {stage === 'setup' || (window.location.pathname === '/start' && stage === 'signed-in') ? (
        <Suspense fallback={loading}>
          <StartPage onNamed={look} />
        </Suspense>
      ) : stage === 'signed-out' && !ended ? (
        <SignInPage />
      ) : (
        children
      )}
      {stage === 'signed-in' && <IdleWatch />}
      {(stage === 'signed-in' || stage === 'open') && <LiveChanges onEnded={look} />}
      <Modal
        opened={stage === 'signed-out' && ended !== undefined}
        onClose={() => undefined}
        withCloseButton={false}
        closeOnEscape={false}
        closeOnClickOutside={false}
        centered
        zIndex={1000}
        title={t('session.ended')}
        overlayProps={{ backgroundOpacity: 0.85, blur: 14 }}
      >
        <SignInForm note={t('session.endedNote')} name={ended?.person?.name ?? ''} />
      </Modal>
    </SessionContext.Provider>
  )
}

function isSomebodyElse(before: string | undefined, { person }: AppSession): boolean {
  return before !== undefined && person !== undefined && before !== person.name
}
