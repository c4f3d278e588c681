import { Button, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { RegistrationSummary } from '../../../schemas/generated/types'
import { MOST_AT_ONCE } from './chosen'

interface ChooseBarProps {
  readonly waiting: readonly RegistrationSummary[]
  readonly chosen: readonly RegistrationSummary[]
  readonly onChoose: (ids: readonly string[]) => void
  readonly onReject: () => void
}

/** For when somebody has asked without end: choose them, or all, and reject them with one reason. */
export function ChooseBar({ waiting, chosen, onChoose, onReject }: ChooseBarProps) {
  const { t } = useTranslation()
  return (
    <Group mb="md" gap="xs" role="group" aria-label={t('registrations.several')}>
      <Button variant="default" onClick={() => onChoose(waiting.slice(0, MOST_AT_ONCE).map(({ id }) => id))}>
        {t('registrations.chooseAll', { count: Math.min(waiting.length, MOST_AT_ONCE) })}
      </Button>
      {chosen.length > 0 && (
        <>
          <Button variant="default" onClick={() => onChoose([])}>
            {t('registrations.chooseNone')}
          </Button>
          <Button variant="light" color="red" onClick={onReject}>
            {t('registrations.rejectChosen', { count: chosen.length })}
          </Button>
        </>
      )}
      <Text component="span" size="sm" className="kit-quiet" aria-live="polite">
        {t('registrations.chosen', { count: chosen.length })}
      </Text>
    </Group>
  )
}
