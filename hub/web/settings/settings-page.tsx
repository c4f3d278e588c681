import { Button, Card, Code, SimpleGrid, Text, Title } from '@mantine/core'
import { IconExternalLink } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { HubSettingsSummary } from '../../../schemas/generated/types'
import { ask } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { localDate, localNumber } from '../../../web-kit/local-form'
import '../facilities/facilities.css'
import { isReachedFrom } from './reached-from'

/** What the hub runs with, and the way into its database. */
export function SettingsPage() {
  const { t, i18n } = useTranslation()
  const { data, error, refetch } = useQuery({
    queryKey: ['settings'],
    queryFn: ({ signal }) => ask<HubSettingsSummary>('/operator/settings', { signal }),
  })
  return (
    <>
      <Title order={1}>{t('settings.title')}</Title>
      <Text className="kit-quiet" mb="md">
        {t('settings.note')}
      </Text>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data && (
        <SimpleGrid cols={{ base: 1, lg: 2 }}>
          <Card className="kit-surface" padding="md">
            <Facts
              facts={[
                [t('settings.version'), data.version],
                [t('settings.hubId'), data.hubId],
                [t('settings.publicUrl'), data.publicUrl ?? t('settings.asRequested')],
                [
                  t('settings.connection'),
                  t(`settings.tls.${data.tls.on ? 'here' : data.isBehindProxy ? 'proxy' : 'none'}`),
                ],
                ...(data.tls.certificateEndsAt === undefined
                  ? []
                  : [[t('settings.certificate'), localDate(data.tls.certificateEndsAt, i18n.language)] as const]),
                [t('settings.metrics'), t(data.metrics ? 'settings.on' : 'settings.off')],
                [t('settings.consent'), t(`settings.policy.${data.consentPolicy}`, data.consentPolicy)],
                [
                  t('settings.session'),
                  t('settings.sessionSaid', { minutes: data.sessions.idleMinutes, hours: data.sessions.hours }),
                ],
                [t('settings.overlap'), t('settings.overlapSaid', { hours: data.rotationOverlapHours })],
                [t('settings.reports'), t('settings.reportsSaid', { days: data.reports.daysKept })],
              ]}
            />
          </Card>
          <div>
            <Card className="kit-surface" padding="md" mb="md" component="section" aria-labelledby="rates">
              <Title order={2} size="h3" id="rates" mb="xs">
                {t('settings.rates')}
              </Title>
              <Facts
                facts={(['address', 'node', 'registrations', 'failures'] as const).map((name) => [
                  t(`settings.rate.${name}`),
                  localNumber(data.ratesPerMinute[name], i18n.language),
                ])}
              />
            </Card>
            <Store settings={data} />
          </div>
        </SimpleGrid>
      )}
    </>
  )
}

function Facts({ facts }: { facts: readonly (readonly [string, string])[] }) {
  return (
    <dl className="facility-facts">
      {facts.map(([label, value]) => (
        <div key={label} style={{ display: 'contents' }}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Store({ settings }: { settings: HubSettingsSummary }) {
  const { t } = useTranslation()
  const { kind, fauxton } = settings.store
  return (
    <Card className="kit-surface" padding="md" component="section" aria-labelledby="store">
      <Title order={2} size="h3" id="store" mb="xs">
        {t('settings.store')}
      </Title>
      <Text mb="xs">{t(`settings.storeKind.${kind}`)}</Text>
      <Text size="sm" className="kit-quiet" mb="sm">
        {t('settings.fauxtonNote')}
      </Text>
      {fauxton !== undefined && isReachedFrom(fauxton, window.location.hostname) && (
        <Button
          component="a"
          href={fauxton}
          target="_blank"
          rel="noreferrer"
          variant="default"
          leftSection={<IconExternalLink size={18} />}
        >
          {t('settings.fauxton')}
        </Button>
      )}
      {fauxton !== undefined && !isReachedFrom(fauxton, window.location.hostname) && (
        <Text size="sm">
          {t('settings.fauxtonHere')} <Code>{fauxton}</Code>
        </Text>
      )}
    </Card>
  )
}
