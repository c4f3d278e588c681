import { Card, SimpleGrid, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { localBytes, localMoment, localNumber } from '../../../web-kit/local-form'
import type { SeenStatus } from './use-edge-status'

export function SyncPage({ status: { status } }: { status: SeenStatus }) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  if (!status) return null
  const { sync } = status
  const moment = (at: string | null) => (at === null ? '–' : localMoment(at, language, new Date()))
  const figures: [string, string][] = [
    [t('sync.pending'), localNumber(sync.pendingDocuments, language)],
    [t('sync.oldest'), moment(sync.oldestPendingAt)],
    [t('sync.speed'), `${localBytes(sync.bytesPerSecond, language)}/s`],
    [t('sync.today'), localBytes(sync.bytesToday, language)],
    [t('sync.acknowledged'), moment(sync.lastAcknowledgedAt)],
    [t('sync.refused'), localNumber(sync.refusedDocuments, language)],
  ]
  return (
    <>
      <Title order={1} mb="md">
        {t('sync.title')}
      </Title>
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 3 }} component="dl" m={0}>
        {figures.map(([label, value]) => (
          <Card key={label} className="kit-surface" padding="md">
            <Text component="dt" size="sm" className="kit-quiet">
              {label}
            </Text>
            <Text component="dd" m={0} fz="1.6rem" fw={650}>
              {value}
            </Text>
          </Card>
        ))}
      </SimpleGrid>
    </>
  )
}
