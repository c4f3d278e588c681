import { Group, Text } from '@mantine/core'
import { IconAlertCircle, IconCircleCheck, IconClockPause, IconCloudUpload } from '@tabler/icons-react'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { localMoment, localNumber } from '../../../web-kit/local-form'
import { type SyncSentence, syncSentence } from './sync-sentence'
import type { SeenStatus } from './use-edge-status'

const LOOKS = {
  good: { icon: IconCircleCheck, color: 'leaf' },
  busy: { icon: IconCloudUpload, color: 'blue' },
  waiting: { icon: IconClockPause, color: 'yellow' },
  attention: { icon: IconAlertCircle, color: 'red' },
} as const

/** Stands above every page, and is read out when it changes. */
export function SyncBanner({ status: { status, isLost } }: { status: SeenStatus }) {
  const { t, i18n } = useTranslation()
  const sentence: SyncSentence | undefined = status && syncSentence(status, new Date())
  const look = LOOKS[isLost ? 'attention' : (sentence?.tone ?? 'busy')]
  const text = isLost
    ? t('sync.sentence.lost')
    : sentence && t(`sync.sentence.${sentence.key}`, inWords(sentence, i18n.language, t))
  return (
    <Group
      role="status"
      gap="xs"
      wrap="nowrap"
      px="md"
      py={8}
      mb="md"
      className="kit-no-print"
      style={{
        background: `var(--mantine-color-${look.color}-light)`,
        borderRadius: 'var(--mantine-radius-md)',
      }}
    >
      <look.icon
        size={20}
        aria-hidden="true"
        style={{ flex: 'none', color: `var(--mantine-color-${look.color}-light-color)` }}
      />
      <Text component={Link} to="/sync" size="sm" fw={550} c="var(--mantine-color-text)" td="none">
        {text ?? t('frame.loading')}
      </Text>
    </Group>
  )
}

/** What the sentences have places for. */
function inWords({ at, count, seconds }: SyncSentence, language: string, t: TFunction) {
  return {
    at: at === undefined ? '' : localMoment(at, language, new Date()),
    count: count ?? 0,
    number: localNumber(count ?? 0, language),
    time: seconds === undefined ? '' : timeInWords(seconds, t),
  }
}

/** Nobody can tell it to the second. */
export function timeInWords(seconds: number, t: TFunction): string {
  const minutes = Math.max(1, Math.round(seconds / 60))
  return minutes < 90 ? t('sync.minutes', { count: minutes }) : t('sync.hours', { count: Math.round(minutes / 60) })
}
