import { Center, Loader, Modal } from '@mantine/core'
import { onlineManager, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OperatorSession } from '../../../schemas/generated/types'
import { AskError, ask, nowThere, setCsrfToken, whenSignedOut } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { IdleWatch } from './idle-watch'
import { may } from './roles'
import { SignInForm } from './sign-in-form'
import { SignInPage } from './sign-in-page'
import { SessionContext, type SessionHandle, type SignIn } from './use-session'

type Stage =
  | { readonly kind: 'looking' }
  | { readonly kind: 'unknown'; readonly error: unknown }
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'signed-in'; readonly session: OperatorSession }
  /** It ended while somebody was at work; what it showed stays. */
  | { readonly kind: 'ended'; readonly session: OperatorSession; readonly why: 'quiet' | 'long' }

/** An ending so close to the last moment of a session is that moment. */
const NEAR_MS = 5_000

/** Shows the console to whoever is signed in. A session that ends takes nothing away: one goes on where one was. */
export function SessionGate({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [stage, setStage] = useState<Stage>({ kind: 'looking' })
  const isLooking = useRef(false)

  const take = useCallback((session: OperatorSession) => {
    setCsrfToken(session.csrfToken)
    onlineManager.setOnline(true)
    setStage({ kind: 'signed-in', session })
  }, [])
  const end = useCallback(() => {
    setCsrfToken(undefined)
    // The pages behind the question for the password ask nothing more: each would be a refusal in the audit.
    onlineManager.setOnline(false)
    setStage((before) => {
      if (before.kind !== 'signed-in') return before
      const endsMs = Date.parse(before.session.endsAt ?? '')
      const isLong = nowThere().getTime() > endsMs - NEAR_MS
      return { kind: 'ended', session: before.session, why: isLong ? 'long' : 'quiet' }
    })
  }, [])
  const look = useCallback(async () => {
    isLooking.current = true
    try {
      take(await ask<OperatorSession>('/operator/session'))
    } catch (error) {
      const isStranger = error instanceof AskError && error.status === 401
      setStage(isStranger ? { kind: 'signed-out' } : { kind: 'unknown', error })
    } finally {
      isLooking.current = false
    }
  }, [take])

  useEffect(() => {
    whenSignedOut(() => {
      if (!isLooking.current) end()
    })
    void look()
  }, [look, end])

  const signIn = useCallback<SignIn>(
    async (asked) => {
      const session = await ask<OperatorSession>('/operator/session', { method: 'POST', body: asked })
      // What the one before had on the screen is not for the other.
      if (stage.kind === 'ended' && stage.session.name !== session.name) return window.location.assign('/console/')
      take(session)
      await queries.invalidateQueries()
    },
    [stage, take, queries],
  )
  const quit = useCallback(() => {
    // The hub may have ended it already; either way nobody is signed in.
    ask('/operator/session', { method: 'DELETE' }).catch(() => undefined)
    end()
  }, [end])

  const session = stage.kind === 'signed-in' || stage.kind === 'ended' ? stage.session : undefined
  const handle = useMemo<SessionHandle | undefined>(
    () =>
      session && {
        session,
        may: (what) => may(session.role, what),
        signOut: async () => {
          await ask('/operator/session', { method: 'DELETE' })
          window.location.assign('/console/sign-in')
        },
      },
    [session],
  )

  if (stage.kind === 'unknown') return <Failure error={stage.error} onRetry={() => void look()} />
  if (stage.kind === 'signed-out') return <SignInPage signIn={signIn} />
  if (!handle) {
    return (
      <Center h="100vh">
        <Loader role="status" aria-label={t('frame.loading')} />
      </Center>
    )
  }
  return (
    <SessionContext.Provider value={handle}>
      {children}
      {stage.kind === 'signed-in' && <IdleWatch session={stage.session} onOver={quit} />}
      <Modal
        opened={stage.kind === 'ended'}
        onClose={() => undefined}
        withCloseButton={false}
        closeOnEscape={false}
        closeOnClickOutside={false}
        centered
        zIndex={1000}
        title={t('session.ended')}
        overlayProps={{ backgroundOpacity: 0.85, blur: 14 }}
      >
        {stage.kind === 'ended' && (
          <SignInForm
            signIn={signIn}
            note={t(stage.why === 'long' ? 'session.endedLong' : 'session.endedQuiet')}
            name={stage.session.name}
          />
        )}
      </Modal>
    </SessionContext.Provider>
  )
}
