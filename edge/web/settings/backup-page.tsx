import { Alert, Button, Card, Group, List, PasswordInput, Progress, Radio, Stack, Text, Title } from '@mantine/core'
import { IconDeviceFloppy, IconDownload, IconRefresh } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BackupDownload, BackupPlace, BackupStatus } from '../../../schemas/generated/types'
import { ask } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { localBytes, localMoment } from '../../../web-kit/local-form'

const LOOK_MS = 1_000
const LEAST_CHARACTERS = 12
/** In place of a drive. */
const HERE = ''

/** All of the facility's data as one encrypted file, on a drive or through the browser. */
export function BackupPage() {
  const { t, i18n } = useTranslation()
  const queries = useQueryClient()
  const { data, error, refetch } = useQuery({
    queryKey: ['backups'],
    queryFn: ({ signal }) => ask<BackupStatus>('/app/backups', { signal }),
    refetchInterval: ({ state }) => (state.data?.running ? LOOK_MS : 5 * LOOK_MS),
  })
  const cancel = useMutation({
    mutationFn: () => ask<BackupStatus>('/app/backups', { method: 'DELETE' }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['backups'] }),
  })
  if (!data) return error ? <Failure error={error} onRetry={() => void refetch()} /> : null
  const { running, last, lastDoneAt, places } = data
  return (
    <Stack maw={860}>
      <div>
        <Title order={1}>{t('settings.backup.title')}</Title>
        <Text className="kit-quiet">{t('settings.backup.note')}</Text>
      </div>
      {lastDoneAt === undefined ? (
        <Alert color="yellow">{t('settings.backup.never')}</Alert>
      ) : (
        <Text fw={600}>
          {t('settings.backup.lastDone', { at: localMoment(lastDoneAt, i18n.language, new Date()) })}
        </Text>
      )}
      {!running && last && (
        <Alert role="status" color={last.outcome === 'done' ? 'leaf' : 'red'}>
          {t(`settings.backup.outcome.${last.outcome}`)}
          {last.name && (
            <Text size="sm" ff="monospace" mt={4} style={{ overflowWrap: 'anywhere' }}>
              {last.path}/{last.name}
            </Text>
          )}
        </Alert>
      )}
      {running ? (
        <Card className="kit-surface" role="status">
          <Text fw={600}>{t(`settings.backup.${running.phase}`)}</Text>
          <Progress
            value={running.total === 0 ? 100 : Math.min(99, (100 * running.done) / running.total)}
            animated
            aria-label={t(`settings.backup.${running.phase}`)}
            my="sm"
          />
          <Group justify="space-between">
            <Text size="sm" className="kit-quiet">
              {t('settings.backup.sofar', { bytes: localBytes(running.bytes, i18n.language) })}
            </Text>
            <Button variant="default" onClick={() => cancel.mutate()} loading={cancel.isPending}>
              {t('settings.backup.cancel')}
            </Button>
          </Group>
        </Card>
      ) : (
        <NewBackup places={places} onLook={() => void refetch()} />
      )}
      <Found places={places} />
      <Text size="sm" className="kit-quiet">
        {t('settings.backup.restoreNote')}
      </Text>
    </Stack>
  )
}

function NewBackup({ places, onLook }: { places: readonly BackupPlace[]; onLook: () => void }) {
  const { t, i18n } = useTranslation()
  const queries = useQueryClient()
  const usable = places.filter(({ isWritable }) => isWritable)
  const [chosen, setChosen] = useState<string>()
  const [passphrase, setPassphrase] = useState('')
  const [again, setAgain] = useState('')
  const [isTried, setTried] = useState(false)
  const path = chosen ?? usable[0]?.path ?? HERE
  const isShort = [...passphrase].length < LEAST_CHARACTERS
  const start = useMutation({
    mutationFn: async () => {
      if (path !== HERE) {
        await ask('/app/backups', { method: 'POST', body: { path, passphrase } })
        return
      }
      const body = { passphrase }
      const download = await ask<BackupDownload>('/app/backups/downloads', { method: 'POST', body })
      window.location.assign(download.path)
    },
    onSuccess: () => {
      setPassphrase('')
      setAgain('')
      setTried(false)
      return queries.invalidateQueries({ queryKey: ['backups'] })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!isShort && passphrase === again) start.mutate()
  }
  const show = { visibilityToggleButtonProps: { 'aria-label': t('signIn.show'), tabIndex: 0 } }
  return (
    <Card className="kit-surface">
      <form onSubmit={submit} noValidate>
        <Stack>
          <Radio.Group label={t('settings.backup.where')} value={path} onChange={setChosen}>
            <Stack gap="sm" mt="xs">
              {places.length === 0 && <Text className="kit-quiet">{t('settings.backup.noPlaces')}</Text>}
              {places.map((place) => (
                <Radio
                  key={place.path}
                  value={place.path}
                  disabled={!place.isWritable}
                  label={`${place.path} · ${t('settings.backup.free', { bytes: localBytes(place.freeBytes, i18n.language) })}`}
                  description={
                    place.isWritable ? place.isSameDisk && t('settings.backup.sameDisk') : t('settings.backup.readOnly')
                  }
                />
              ))}
              <Radio value={HERE} label={t('settings.backup.download')} />
            </Stack>
          </Radio.Group>
          <div>
            <Button variant="subtle" size="compact-md" leftSection={<IconRefresh size={18} />} onClick={onLook}>
              {t('settings.backup.refresh')}
            </Button>
          </div>
          <PasswordInput
            label={t('settings.backup.passphrase')}
            description={t('settings.backup.passphraseNote')}
            autoComplete="new-password"
            value={passphrase}
            onChange={({ currentTarget }) => setPassphrase(currentTarget.value)}
            error={isTried && isShort && t('settings.backup.short')}
            {...show}
          />
          <PasswordInput
            label={t('settings.backup.again')}
            autoComplete="new-password"
            value={again}
            onChange={({ currentTarget }) => setAgain(currentTarget.value)}
            error={isTried && passphrase !== again && t('settings.backup.differs')}
            {...show}
          />
          {start.error && <Failure error={start.error} />}
          {start.isSuccess && path === HERE && <Text role="status">{t('settings.backup.downloading')}</Text>}
          <div>
            <Button
              type="submit"
              loading={start.isPending}
              leftSection={path === HERE ? <IconDownload size={20} /> : <IconDeviceFloppy size={20} />}
            >
              {t(path === HERE ? 'settings.backup.download' : 'settings.backup.start')}
            </Button>
          </div>
        </Stack>
      </form>
    </Card>
  )
}

function Found({ places }: { places: readonly BackupPlace[] }) {
  const { t, i18n } = useTranslation()
  if (places.length === 0) return null
  return (
    <Card className="kit-surface">
      <Title order={2} mb="xs">
        {t('settings.backup.found')}
      </Title>
      {places.map(({ path, backups }) => (
        <div key={path}>
          <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
            {path}
          </Text>
          {backups.length === 0 && <Text className="kit-quiet">{t('settings.backup.foundNone')}</Text>}
          <List mb="sm">
            {backups.map(({ name, createdAt, bytes, facility }) => (
              <List.Item key={name}>
                {localMoment(createdAt, i18n.language, new Date())} · {facility.name} ({facility.externalId}) ·{' '}
                {localBytes(bytes, i18n.language)}
              </List.Item>
            ))}
          </List>
        </div>
      ))}
    </Card>
  )
}
