import { Card, SimpleGrid, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { AlertList, AlertSettings } from '../../../schemas/generated/types'
import { ask, nowThere } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { localMoment } from '../../../web-kit/local-form'
import { LIVE } from '../live'
import { LooksOnly } from '../session/looks-only'
import { byKind } from './alert-form'
import './alerts.css'
import { KindCard } from './kind-card'
import { ReceiversCard } from './receivers-card'
import { RulesCard } from './rules-card'

/** What is wrong now, from when on it counts as wrong, and whom that is told. */
export function AlertsPage() {
  const { t, i18n } = useTranslation()
  const alerts = useQuery({
    queryKey: ['alerts'],
    queryFn: ({ signal }) => ask<AlertList>('/operator/alerts', { signal }),
    ...LIVE,
  })
  const settings = useQuery({
    queryKey: ['alert-settings'],
    queryFn: ({ signal }) => ask<AlertSettings>('/operator/alert-settings', { signal }),
  })
  const at = alerts.data?.evaluatedAt
  const groups = byKind(alerts.data?.alerts ?? [])
  return (
    <>
      <Title order={1}>{t('alerts.title')}</Title>
      <Text className="kit-quiet" mb="md" mih={27}>
        {t('alerts.note')}{' '}
        {alerts.data &&
          (at === undefined
            ? t('alerts.notYet')
            : t('alerts.lookedAt', { at: localMoment(at, i18n.language, nowThere()) }))}
      </Text>
      <LooksOnly />
      {alerts.error && <Failure error={alerts.error} onRetry={() => void alerts.refetch()} />}
      {alerts.data && at !== undefined && groups.length === 0 && (
        <Card className="kit-surface" padding="lg" mb="lg">
          <Title order={2} size="h3" role="status">
            {t('alerts.none')}
          </Title>
        </Card>
      )}
      {groups.map((group) => (
        <KindCard key={group.kind} {...group} />
      ))}
      {settings.error && <Failure error={settings.error} onRetry={() => void settings.refetch()} />}
      {settings.data && (
        <SimpleGrid cols={{ base: 1, lg: 2 }} mt="lg">
          <RulesCard settings={settings.data} />
          <ReceiversCard settings={settings.data} />
        </SimpleGrid>
      )}
    </>
  )
}
