import { Button, Modal, Text } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OperatorSession } from '../../../schemas/generated/types'
import { nowThere } from '../../../web-kit/ask'
import { idleStateOf } from './idle'

const LOOK_MS = 1_000
const WORK = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const
/** When somebody last worked, for all windows of this browser. */
const KEPT_AS = 'lontar-console-worked'

/** Ends the session when nobody has been there for as long as it may be idle, and says so before. */
export function IdleWatch({ session, onOver }: { session: OperatorSession; onOver: () => void }) {
  const { t } = useTranslation()
  const [seconds, setSeconds] = useState<number>()
  const isWarned = useRef(false)
  const wholeMs = useRef(0)

  useEffect(() => {
    if (session.idleUntil === undefined) return
    // Each answer says when it would end from then on; the longest is the whole.
    const saidMs = Date.parse(session.idleUntil) - nowThere().getTime()
    wholeMs.current = Math.max(wholeMs.current, saidMs)
    noteWork()
  }, [session])

  useEffect(() => {
    const onWork = () => {
      if (!isWarned.current) noteWork()
    }
    const look = setInterval(() => {
      const state = idleStateOf(Date.now() - workedAtMs(), wholeMs.current)
      isWarned.current = state.kind === 'warned'
      setSeconds(state.kind === 'warned' ? state.seconds : undefined)
      if (state.kind === 'over') onOver()
    }, LOOK_MS)
    for (const event of WORK) window.addEventListener(event, onWork, { passive: true })
    return () => {
      clearInterval(look)
      for (const event of WORK) window.removeEventListener(event, onWork)
    }
  }, [onOver])

  const stay = () => {
    noteWork()
    isWarned.current = false
    setSeconds(undefined)
  }
  return (
    <Modal
      opened={seconds !== undefined}
      onClose={stay}
      title={t('session.idle')}
      closeButtonProps={{ 'aria-label': t('frame.close') }}
      centered
      zIndex={900}
    >
      <Text mb="md">{t('session.idleNote', { count: seconds ?? 0 })}</Text>
      <Button fullWidth size="md" data-autofocus onClick={stay}>
        {t('session.stay')}
      </Button>
    </Modal>
  )
}

function noteWork(): void {
  localStorage.setItem(KEPT_AS, String(Date.now()))
}

function workedAtMs(): number {
  return Number(localStorage.getItem(KEPT_AS) ?? 0)
}
