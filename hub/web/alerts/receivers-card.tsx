import { Alert, Button, Card, Group, PasswordInput, Text, Textarea, TextInput, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AlertSettings, AlertTestResult } from '../../../schemas/generated/types'
import { ask } from '../../../web-kit/ask'
import { DeedModal } from '../../../web-kit/deed-modal'
import { Failure } from '../../../web-kit/failure'
import { useSession } from '../session/use-session'
import { receiversOf } from './alert-form'
import { changeSettings } from './change-settings'

const CHANNELS = ['webhook', 'email'] as const

/** Whom alerts are told, and whether that arrives. */
export function ReceiversCard({ settings }: { settings: AlertSettings }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const [isChanging, setChanging] = useState(false)
  const test = useMutation({
    mutationFn: () => ask<AlertTestResult>('/operator/alert-settings/test', { method: 'POST', body: {} }),
  })
  const { webhook, email } = settings
  const isAnyone = webhook !== undefined || email !== undefined
  return (
    <Card className="kit-surface" padding="md" component="section" aria-labelledby="receivers">
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h3" id="receivers">
          {t('alerts.receivers')}
        </Title>
        {may('decide') && (
          <Group gap="xs">
            {isAnyone && (
              <Button variant="default" size="compact-md" loading={test.isPending} onClick={() => test.mutate()}>
                {t('alerts.test')}
              </Button>
            )}
            <Button variant="light" size="compact-md" onClick={() => setChanging(true)}>
              {t('alerts.change')}
            </Button>
          </Group>
        )}
      </Group>
      <Text fw={600}>{t('alerts.webhook')}</Text>
      <Text mb="sm" style={{ overflowWrap: 'anywhere' }}>
        {webhook?.url ?? t('alerts.nobody')}
      </Text>
      <Text fw={600}>{t('alerts.email')}</Text>
      <Text style={{ overflowWrap: 'anywhere' }}>{email?.to.join(', ') ?? t('alerts.nobody')}</Text>
      <Text size="sm" className="kit-quiet" mt="sm">
        {t(isAnyone ? 'alerts.receiversNote' : 'alerts.nobodyNote')}
      </Text>
      {test.error && <Failure error={test.error} />}
      {test.data && <Outcome result={test.data} />}
      {isChanging && (
        <ReceiversModal
          settings={settings}
          onClose={() => {
            test.reset()
            setChanging(false)
          }}
        />
      )}
    </Card>
  )
}

function Outcome({ result }: { result: AlertTestResult }) {
  const { t } = useTranslation()
  return CHANNELS.map((channel) => {
    const outcome = result[channel]
    if (!outcome) return null
    const { sent, problem = '' } = outcome
    return (
      <Alert key={channel} role="status" color={sent ? 'leaf' : 'red'} mt="sm" title={t(`alerts.${channel}`)}>
        {sent ? t('alerts.sent') : t('alerts.unsent', { problem })}
      </Alert>
    )
  })
}

function ReceiversModal({ settings, onClose }: { settings: AlertSettings; onClose: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const { webhook, email } = settings
  const [form, setForm] = useState({ url: webhook?.url ?? '', secret: '', addresses: email?.to.join('\n') ?? '' })
  const set = (part: Partial<typeof form>) => setForm((before) => ({ ...before, ...part }))
  return (
    <DeedModal
      title={t('alerts.receivers')}
      effect={t('alerts.receiversNote')}
      verb={t('alerts.save')}
      onDo={async () => {
        await changeSettings(ask, receiversOf(form), CHANNELS)
        await queries.invalidateQueries({ queryKey: ['alert-settings'] })
      }}
      onClose={onClose}
    >
      <TextInput
        label={t('alerts.webhook')}
        description={t('alerts.webhookHint')}
        type="url"
        value={form.url}
        onChange={({ currentTarget }) => set({ url: currentTarget.value })}
        maxLength={1_000}
        data-autofocus
      />
      <PasswordInput
        label={t('alerts.secret')}
        description={t(webhook ? 'alerts.secretStays' : 'alerts.secretHint')}
        value={form.secret}
        onChange={({ currentTarget }) => set({ secret: currentTarget.value })}
        minLength={16}
        maxLength={200}
        autoComplete="new-password"
        required={webhook === undefined && form.url.trim() !== ''}
        disabled={form.url.trim() === ''}
      />
      <Textarea
        label={t('alerts.email')}
        description={t('alerts.emailHint')}
        value={form.addresses}
        onChange={({ currentTarget }) => set({ addresses: currentTarget.value })}
        autosize
        minRows={2}
      />
    </DeedModal>
  )
}
