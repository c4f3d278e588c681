import { Alert, Anchor, Button, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { IconArrowLeft, IconPlayerPause } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import type { NodeSummary } from '../../../schemas/generated/types'
import { nowThere } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { localMoment } from '../../../web-kit/local-form'
import { useNodes } from '../registrations/use-registrations'
import { LooksOnly } from '../session/looks-only'
import { useSession } from '../session/use-session'
import { ConfigurationCard } from './configuration-card'
import { DataAccessModal } from './data-access-modal'
import './facilities.css'
import { placeOf } from './facility-table'
import { FactsCard } from './facts-card'
import { NodeDeeds } from './node-deeds'
import { ReceiptCard } from './receipt-card'
import { StandingBadge } from './standing-badge'

/** With what draws charts. */
const SeriesCharts = lazy(() => import('./series-charts').then((part) => ({ default: part.SeriesCharts })))

/** One facility: how it stands, what it may, and what can be done. */
export function FacilityPage() {
  const { t } = useTranslation()
  const { nodeName } = useParams()
  const { may } = useSession()
  const { data, error, refetch } = useNodes()
  const node = data?.nodes.find((one) => one.nodeName === nodeName)
  const place = node && placeOf(node)
  return (
    <>
      <Anchor
        component={Link}
        to="/facilities"
        mb="xs"
        style={{ display: 'inline-flex', gap: 6, alignItems: 'center' }}
      >
        <IconArrowLeft size={18} aria-hidden />
        {t('facilities.title')}
      </Anchor>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data && !node && <Title order={1}>{t('facilities.unknown')}</Title>}
      {node && (
        <>
          <Group justify="space-between" align="flex-start" mb="md">
            <div>
              <Title order={1}>{node.name}</Title>
              <Group gap="xs">
                <StandingBadge node={node} />
                <Text className="kit-quiet">
                  <Text component="span" ff="monospace">
                    {node.externalId}
                  </Text>
                  {place !== undefined && ` · ${place}`}
                </Text>
              </Group>
            </div>
            {may('decide') && <NodeDeeds node={node} />}
          </Group>
          <LooksOnly />
          {node.state === 'suspended' && (
            <Alert color="red" icon={<IconPlayerPause />} title={t('facilities.suspended')} mb="md">
              {node.suspendedReason}
            </Alert>
          )}
          {node.reopenedAt !== undefined && (
            <Alert color="yellow" title={t('facilities.reopened')} mb="md">
              {t('facilities.reopenedNote')}
            </Alert>
          )}
          <SimpleGrid cols={{ base: 1, lg: 2 }}>
            <FactsCard node={node} />
            <Stack>
              <ConfigurationCard node={node} />
              <DataAccessCard node={node} />
              <ReceiptCard nodeName={node.nodeName} />
            </Stack>
          </SimpleGrid>
          <Suspense fallback={null}>
            <SeriesCharts nodeName={node.nodeName} />
          </Suspense>
        </>
      )}
    </>
  )
}

function DataAccessCard({ node }: { node: NodeSummary }) {
  const { t, i18n } = useTranslation()
  const { may } = useSession()
  const [doing, setDoing] = useState<'accept' | 'reject'>()
  const { status, requestReason, reason, decidedAt, paperScheme } = node.dataAccess
  return (
    <Card className="kit-surface" padding="md" component="section" aria-labelledby="access">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h3" id="access">
          {t('registrations.access')}
        </Title>
        {may('decide') && (
          <Group gap="xs">
            {status === 'pending' && (
              <Button size="compact-sm" onClick={() => setDoing('accept')}>
                {t('registrations.accept')}
              </Button>
            )}
            {(status === 'pending' || status === 'accepted') && (
              <Button variant="light" color="red" size="compact-sm" onClick={() => setDoing('reject')}>
                {t(status === 'accepted' ? 'facilities.accessDeed.take.verb' : 'registrations.reject')}
              </Button>
            )}
          </Group>
        )}
      </Group>
      <Text>{t(`facilities.accessSentence.${status}`)}</Text>
      {requestReason !== undefined && <Text mt={4}>“{requestReason}”</Text>}
      {reason !== undefined && <Text mt={4}>{t('facilities.because', { reason })}</Text>}
      {paperScheme && <Text mt={4}>{t('facilities.paperSchemeOn')}</Text>}
      {decidedAt && (
        <Text size="sm" className="kit-quiet" mt={4}>
          {localMoment(decidedAt, i18n.language, nowThere())}
        </Text>
      )}
      {doing && <DataAccessModal kind={doing} node={node} onClose={() => setDoing(undefined)} />}
    </Card>
  )
}
