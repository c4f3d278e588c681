import { Button, Modal, Text } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppSession } from '../../../schemas/generated/types'
import { ask } from '../../../web-kit/ask'
import { idleStateOf, TELL_EVERY_MS } from './idle'
import { useSession } from './use-session'

const LOOK_MS = 1_000
const WORK = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const

/** Tells the edge that somebody works, and whoever does not that the session is about to end. */
export function IdleWatch() {
  const { t } = useTranslation()
  const { session, renew } = useSession()
  const [seconds, setSeconds] = useState<number>()
  const isWarned = useRef(false)
  const whole = useRef(session.secondsLeft ?? 0)
  const endsAt = useRef(Date.now() + (session.secondsLeft ?? 0) * 1000)
  const stay = useRef<() => Promise<void>>(async () => undefined)

  useEffect(() => {
    whole.current = Math.max(whole.current, session.secondsLeft ?? 0)
    endsAt.current = Date.now() + (session.secondsLeft ?? 0) * 1000
  }, [session])

  useEffect(() => {
    let toldAt = Date.now()
    let isAsking = false
    const tell = async (method: 'GET' | 'PUT') => {
      if (isAsking) return
      isAsking = true
      toldAt = Date.now()
      // Without an answer it is asked again by the next look; the edge decides what has ended.
      await ask<AppSession>('/app/session', { method }).then(renew, () => undefined)
      isAsking = false
    }
    stay.current = () => tell('PUT')
    const onWork = () => {
      const every = Math.min(TELL_EVERY_MS, whole.current * 250)
      if (!isWarned.current && Date.now() - toldAt > every) void tell('PUT')
    }
    const look = setInterval(() => {
      const state = idleStateOf((endsAt.current - Date.now()) / 1000, whole.current)
      // Somebody may work in another window, so the edge is asked before anybody is warned.
      if (state.kind !== 'working' && !isWarned.current) void tell('GET')
      if (state.kind === 'over') void tell('GET')
      isWarned.current = state.kind === 'warned'
      setSeconds(state.kind === 'warned' ? state.seconds : undefined)
    }, LOOK_MS)
    for (const event of WORK) window.addEventListener(event, onWork, { passive: true })
    return () => {
      clearInterval(look)
      for (const event of WORK) window.removeEventListener(event, onWork)
    }
  }, [renew])

  return (
    <Modal
      closeButtonProps={{ 'aria-label': t('frame.close') }}
      opened={seconds !== undefined}
      onClose={() => void stay.current()}
      title={t('session.idle')}
      centered
      zIndex={900}
    >
      <Text mb="md">{t('session.idleNote', { count: seconds ?? 0 })}</Text>
      <Button fullWidth size="md" data-autofocus onClick={() => void stay.current()}>
        {t('session.stay')}
      </Button>
    </Modal>
  )
}
