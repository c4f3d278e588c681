import { Alert, Button, Card, Progress, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BudgetUseReport, EdgeStatus } from '../../../schemas/generated/types'
import { ask } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { localBytes, localMoment, localNumber } from '../../../web-kit/local-form'
import { useSession } from '../session/use-session'
import { bytesPerDay } from '../settings/budget-form'
import { doneOf, NO_HISTORY, speedLine, withSample } from './push-progress'
import { ReadersCard } from './readers-card'
import { RefusedCard } from './refused-card'
import { timeInWords } from './sync-banner'
import { syncSentence } from './sync-sentence'
import type { SeenStatus } from './use-edge-status'
import { VerifyCard } from './verify-card'

const BUDGET_MS = 30_000

/** How the records fare on their way to the ministry, what stops them, and who else has read them. */
export function SyncPage({ status: { status } }: { status: SeenStatus }) {
  const { t } = useTranslation()
  const { may } = useSession()
  if (!status) return null
  return (
    <Stack>
      <Title order={1}>{t('sync.title')}</Title>
      <Advice status={status} />
      <Figures sync={status.sync} />
      <RefusedCard count={status.sync.refusedDocuments} />
      <VerifyCard />
      {may('clinical') && <ReadersCard />}
    </Stack>
  )
}

/** What a person can do about what the banner says. */
function Advice({ status }: { status: EdgeStatus }) {
  const { t, i18n } = useTranslation()
  const { may } = useSession()
  const again = useMutation({ mutationFn: () => ask('/registration', { method: 'POST', body: {} }) })
  const { key, tone } = syncSentence(status, new Date())
  const { pairingCode = '', reason = '' } = status.registration
  const code = `${pairingCode.slice(0, 4)} ${pairingCode.slice(4)}`
  const { retryAt } = status.sync
  const isUncertain = status.attentionCodes?.includes('MRN_UNCERTAIN') ?? false
  return (
    <>
      {i18n.exists(`sync.todo.${key}`) && (
        <Alert color={tone === 'attention' ? 'red' : 'yellow'} variant="light">
          <Text>{t(`sync.todo.${key}`, { code, reason })}</Text>
          {retryAt && status.sync.state === 'waiting' && (
            <Text mt={4}>{t('sync.next', { at: localMoment(retryAt, i18n.language, new Date()) })}</Text>
          )}
          {key === 'rejected' && may('settings') && (
            <Button mt="xs" onClick={() => again.mutate()} loading={again.isPending}>
              {t('sync.askAgain')}
            </Button>
          )}
          {again.error && <Failure error={again.error} />}
        </Alert>
      )}
      {isUncertain && (
        <Alert color="yellow" variant="light">
          {t('sync.todo.MRN_UNCERTAIN')}
        </Alert>
      )}
    </>
  )
}

function Figures({ sync }: { sync: EdgeStatus['sync'] }) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const { data: budget } = useQuery({
    queryKey: ['budget'],
    queryFn: ({ signal }) => ask<BudgetUseReport>('/app/budget', { signal }),
    refetchInterval: BUDGET_MS,
  })
  const moment = (at: string | null) => (at === null ? '–' : localMoment(at, language, new Date()))
  const bytes = (count: number) => localBytes(count, language)
  const most = budget && bytesPerDay([budget.ministry, budget.facility, budget.settings])
  const { lanes, pendingDocuments, pendingBytes, estimatedSeconds } = sync
  const urgent =
    lanes.urgent > 0 && t('sync.urgent', { count: lanes.urgent, number: localNumber(lanes.urgent, language) })
  const figures: [label: string, value: string, note?: string | undefined][] = [
    [
      t('sync.pending'),
      localNumber(pendingDocuments, language),
      pendingDocuments > 0
        ? [t('sync.bytes', { bytes: bytes(pendingBytes) }), urgent].filter(Boolean).join(' · ')
        : undefined,
    ],
    [t('sync.oldest'), moment(sync.oldestPendingAt)],
    [t('sync.acknowledged'), moment(sync.lastAcknowledgedAt)],
    [t('sync.speed'), t('sync.perSecond', { bytes: bytes(sync.bytesPerSecond) })],
    [t('sync.left'), leftInWords(pendingDocuments, estimatedSeconds)],
    [
      t('sync.today'),
      most === undefined
        ? bytes(sync.bytesToday)
        : t('sync.todayOf', { used: bytes(sync.bytesToday), most: bytes(most) }),
      sync.state === 'resting' && sync.retryAt ? t('sync.tryNow', { at: moment(sync.retryAt) }) : undefined,
    ],
  ]
  function leftInWords(pending: number, seconds: number | null): string {
    if (pending === 0) return '–'
    return seconds === null ? t('sync.leftUnknown') : timeInWords(seconds, t)
  }
  return (
    <>
      <Pushing sync={sync} />
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 3 }} component="dl" m={0}>
        {figures.map(([label, value, note]) => (
          <Card key={label} className="kit-surface" padding="md">
            <Text component="dt" size="sm" className="kit-quiet">
              {label}
            </Text>
            <Text component="dd" m={0} fz="1.5rem" fw={650}>
              {value}
              {note && (
                <Text component="span" display="block" size="sm" className="kit-quiet">
                  {note}
                </Text>
              )}
            </Text>
          </Card>
        ))}
      </SimpleGrid>
    </>
  )
}

/** How far it is, and how fast it went, while records go up. */
function Pushing({ sync }: { sync: EdgeStatus['sync'] }) {
  const { t } = useTranslation()
  const [history, setHistory] = useState(NO_HISTORY)
  useEffect(() => setHistory((before) => withSample(before, sync, performance.now())), [sync])
  const done = doneOf(history)
  // An empty bar says nothing of a link that is not there.
  if (done === undefined || (done === 0 && sync.state !== 'pushing')) return null
  const line = speedLine(history, 300, 36)
  return (
    <Card className="kit-surface" padding="md">
      <Text size="sm" className="kit-quiet">
        {t('sync.progress')}
      </Text>
      <Progress
        value={100 * done}
        aria-label={t('sync.progress')}
        size="lg"
        my="xs"
        animated={sync.state === 'pushing'}
      />
      {line && (
        <svg
          viewBox="0 -2 300 40"
          width="100%"
          height="40"
          preserveAspectRatio="none"
          role="img"
          aria-label={t('sync.speedLine')}
        >
          <polyline
            points={line}
            fill="none"
            stroke="var(--mantine-primary-color-filled)"
            strokeWidth="2"
            vectorEffect="non-scaling-stroke"
          />
        </svg>
      )}
    </Card>
  )
}
