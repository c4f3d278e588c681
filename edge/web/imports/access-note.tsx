import { Alert, Button, Group, Text, TextInput } from '@mantine/core'
import { IconAlertTriangle, IconClockPause } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { EdgeStatus } from '../../../schemas/generated/types'
import { ask } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { useSession } from '../session/use-session'

/** Why nothing comes now, where it is the same for all: the ministry's leave, or the link. */
export function AccessNote({ edge: { registration, dataAccess, sync } }: { edge: EdgeStatus }) {
  const { t } = useTranslation()
  if (registration.status === 'suspended') return <Waiting text={t('imports.access.suspended')} />
  if (registration.status !== 'accepted') return <Waiting text={t('imports.access.unregistered')} />
  if (dataAccess.status === 'rejected') return <Refused reason={dataAccess.reason} />
  if (dataAccess.status !== 'accepted') return <Waiting text={t('imports.access.pending')} />
  return sync.state === 'waiting' ? <Waiting text={t('imports.offline')} /> : null
}

function Waiting({ text }: { text: string }) {
  return (
    <Alert color="yellow" variant="light" icon={<IconClockPause />} mb="md" role="status">
      <Text size="sm">{text}</Text>
    </Alert>
  )
}

function Refused({ reason }: { reason: string | undefined }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const [why, setWhy] = useState('')
  const [state, setState] = useState<'idle' | 'asking' | 'asked'>('idle')
  const [error, setError] = useState<unknown>()
  const askAgain = async (event: FormEvent) => {
    event.preventDefault()
    setState('asking')
    setError(undefined)
    try {
      await ask('/data-access', { method: 'POST', body: why.trim() === '' ? {} : { reason: why.trim() } })
      setState('asked')
    } catch (cause) {
      setError(cause)
      setState('idle')
    }
  }
  return (
    <Alert
      color="red"
      variant="light"
      icon={<IconAlertTriangle />}
      title={t('imports.access.rejected')}
      mb="md"
      role="status"
    >
      {reason && <Text size="sm">{t('imports.access.because', { reason })}</Text>}
      {state === 'asked' && <Text size="sm">{t('imports.access.asked')}</Text>}
      {state !== 'asked' && !may('settings') && <Text size="sm">{t('imports.access.byAdmin')}</Text>}
      {state !== 'asked' && may('settings') && (
        <form onSubmit={(event) => void askAgain(event)}>
          <Group align="flex-end" mt="xs" gap="xs">
            <TextInput
              label={t('imports.access.why')}
              value={why}
              maxLength={500}
              onChange={({ currentTarget }) => setWhy(currentTarget.value)}
              style={{ flex: '1 1 16rem' }}
            />
            <Button type="submit" variant="default" loading={state === 'asking'}>
              {t('imports.access.ask')}
            </Button>
          </Group>
        </form>
      )}
      {error !== undefined && <Failure error={error} />}
    </Alert>
  )
}
