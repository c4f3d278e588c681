import './settings.css'
import { Alert, Anchor, Card, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Fragment, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { About } from '../../../schemas/generated/types'
import { ask } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { localBytes, localDate, localMoment } from '../../../web-kit/local-form'

/** Below it people are told to make room. */
const LITTLE_BYTES = 2_000_000_000
const SOON_MS = 30 * 24 * 3_600_000

/** Which program this is, where its data are, and what it talks to. */
export function AboutPage() {
  const { t, i18n } = useTranslation()
  const { data, error, refetch } = useQuery({
    queryKey: ['about'],
    queryFn: ({ signal }) => ask<About>('/app/about', { signal }),
  })
  if (!data) return error ? <Failure error={error} onRetry={() => void refetch()} /> : null
  const { certificate, freeBytes } = data
  const bytes = (count: number) => localBytes(count, i18n.language)
  const rows: [string, ReactNode][] = [
    [t('settings.about.facility'), data.name],
    [t('settings.about.externalId'), data.externalId],
    [t('settings.about.hub'), data.hubUrl],
    [t('settings.about.version'), `Lontar ${data.version} · Node.js ${data.node}`],
    [t('settings.about.started'), localMoment(data.startedAt, i18n.language, new Date())],
    [t('settings.about.folder'), data.dataFolder],
    [t('settings.about.free'), t('settings.about.ofTotal', { free: bytes(freeBytes), total: bytes(data.diskBytes) })],
    [
      t('settings.about.certificate'),
      certificate
        ? t('settings.about.until', { names: certificate.names, at: localDate(certificate.validTo, i18n.language) })
        : t('settings.about.noCertificate'),
    ],
    [t('settings.about.licence'), t('settings.about.licenceNote')],
    [
      t('settings.about.interface'),
      <Anchor key="openapi" href="/openapi.json" target="_blank" rel="noopener">
        {t('settings.about.interfaceNote')}
      </Anchor>,
    ],
  ]
  return (
    <Stack maw={860}>
      <div>
        <Title order={1}>{t('settings.about.title')}</Title>
        <Text className="kit-quiet">{t('settings.about.note')}</Text>
      </div>
      {freeBytes < LITTLE_BYTES && <Alert color="red">{t('settings.about.little')}</Alert>}
      {certificate && Date.parse(certificate.validTo) - Date.now() < SOON_MS && (
        <Alert color="yellow">{t('settings.about.expires')}</Alert>
      )}
      <Card className="kit-surface">
        <dl className="settings-facts">
          {rows.map(([label, value]) => (
            <Fragment key={label}>
              <dt className="kit-quiet">{label}</dt>
              <dd>{value}</dd>
            </Fragment>
          ))}
        </dl>
      </Card>
    </Stack>
  )
}
