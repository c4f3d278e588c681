import { Button, FileInput, Group, PasswordInput, Progress, Radio, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BackupFile, RestoreStatus } from '../../../schemas/generated/types'
import { AskError, ask } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { localBytes, localMoment } from '../../../web-kit/local-form'

const LOOK_MS = 2_000
const OTHER = 'other'

/** Brings a facility back from a backup: one of a drive that is plugged in, or a file that the browser can read. */
export function RestoreView({ onBack, onRestored }: { onBack: () => void; onRestored: () => Promise<void> }) {
  const { t, i18n } = useTranslation()
  const { data } = useQuery({
    queryKey: ['restore'],
    queryFn: ({ signal }) => ask<RestoreStatus>('/app/restore', { signal }),
    refetchInterval: LOOK_MS,
  })
  const [chosen, setChosen] = useState<string>()
  const [file, setFile] = useState<File | null>(null)
  const [passphrase, setPassphrase] = useState('')
  const [error, setError] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  const found = (data?.places ?? []).flatMap(({ path, backups }) => backups.map((backup) => ({ path, backup })))
  const choice = chosen ?? (found[0] ? keyOf(found[0].path, found[0].backup) : OTHER)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setError(undefined)
    try {
      const from = found.find(({ path, backup }) => keyOf(path, backup) === choice)
      await send(from ? { path: from.path, name: from.backup.name } : file, passphrase)
      await onRestored()
    } catch (failure) {
      setError(failure)
      setBusy(false)
    }
  }
  const { running } = data ?? {}
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack>
        <Title order={1} size="h2">
          {t('start.restore.title')}
        </Title>
        <Text className="kit-quiet">{t('start.restore.note')}</Text>
        <Radio.Group label={t('start.restore.which')} value={choice} onChange={setChosen}>
          <Stack gap="sm" mt="xs">
            {found.map(({ path, backup }) => (
              <Radio
                key={keyOf(path, backup)}
                value={keyOf(path, backup)}
                label={`${backup.facility.name} (${backup.facility.externalId}), ${localMoment(backup.createdAt, i18n.language, new Date())}`}
                description={`${path} · ${localBytes(backup.bytes, i18n.language)}`}
              />
            ))}
            <Radio value={OTHER} label={t('start.restore.other')} />
          </Stack>
        </Radio.Group>
        {choice === OTHER && (
          <FileInput
            label={t('start.restore.file')}
            placeholder={t('start.restore.pick')}
            classNames={{ placeholder: 'kit-quiet' }}
            accept=".lontar"
            value={file}
            onChange={setFile}
          />
        )}
        <PasswordInput
          label={t('start.restore.passphrase')}
          autoComplete="off"
          value={passphrase}
          onChange={({ currentTarget }) => setPassphrase(currentTarget.value)}
          visibilityToggleButtonProps={{ 'aria-label': t('signIn.show'), tabIndex: 0 }}
        />
        {error !== undefined && <Failure error={error} />}
        {isBusy && (
          <div role="status">
            <Text>{t('start.restore.busy')}</Text>
            <Progress
              value={running && running.totalBytes > 0 ? (100 * running.bytes) / running.totalBytes : 100}
              animated
              aria-label={t('start.restore.busy')}
              mt="xs"
            />
          </div>
        )}
        <Group justify="space-between" mt="md">
          <Button variant="default" disabled={isBusy} onClick={onBack}>
            {t('start.back')}
          </Button>
          <Button type="submit" loading={isBusy} disabled={passphrase === '' || (choice === OTHER && file === null)}>
            {t('start.restore.begin')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function keyOf(path: string, { name }: BackupFile): string {
  return `${path}/${name}`
}

/** It is read to its end before it is answered, which takes minutes: no time limit. Throws AskError. */
async function send(from: { path: string; name: string } | File | null, passphrase: string): Promise<void> {
  const isFile = from instanceof File
  const secret = btoa(String.fromCharCode(...new TextEncoder().encode(passphrase)))
  const response = await fetch('/app/restore', {
    method: 'POST',
    headers: isFile
      ? {
          'content-type': 'application/octet-stream',
          'x-backup-passphrase': secret.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''),
        }
      : { 'content-type': 'application/json' },
    body: isFile ? from : JSON.stringify({ ...from, passphrase }),
  }).catch(() => {
    throw new AskError('UNREACHABLE', 'Lontar does not answer.', 0)
  })
  if (response.ok) return
  const { error, reason } = (await response.json()) as { error: string; reason: string }
  throw new AskError(error, reason, response.status)
}
