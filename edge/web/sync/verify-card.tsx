import { Alert, Button, Card, Group, Progress, Text, Title } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { VerifyStatus } from '../../../schemas/generated/types'
import { ask } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { localMoment, localNumber } from '../../../web-kit/local-form'
import { verifySentence } from './verify-words'

const LOOK_MS = 1_000
const COLORS = { good: 'leaf', attention: 'red', quiet: 'gray' } as const

/** Whether the hub has everything, by comparing and not by believing; with its signed word for it. */
export function VerifyCard() {
  const { t, i18n } = useTranslation()
  const queries = useQueryClient()
  const { data, error, refetch } = useQuery({
    queryKey: ['verify'],
    queryFn: ({ signal }) => ask<VerifyStatus>('/verify', { signal }),
    refetchInterval: ({ state }) => (state.data && state.data.state !== 'resting' ? LOOK_MS : 20 * LOOK_MS),
  })
  const start = useMutation({
    mutationFn: () => ask<VerifyStatus>('/verify', { method: 'POST', body: {} }),
    onSuccess: (status) => queries.setQueryData(['verify'], status),
  })
  const number = (value: number) => localNumber(value, i18n.language)
  const moment = (at: string) => localMoment(at, i18n.language, new Date())
  const { state = 'resting', documents = 0, compared = 0, last, receipt, nextRunAt } = data ?? {}
  const sentence = data && verifySentence(data)
  return (
    <Card className="kit-surface" component="section" aria-labelledby="verify">
      <Group justify="space-between">
        <Title order={2} id="verify">
          {t('sync.verify.title')}
        </Title>
        <Button variant="light" onClick={() => start.mutate()} disabled={state !== 'resting'} loading={start.isPending}>
          {t('sync.verify.start')}
        </Button>
      </Group>
      <Text className="kit-quiet" mb="sm">
        {t('sync.verify.note')}
      </Text>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {start.error && <Failure error={start.error} />}
      {state !== 'resting' && (
        <div role="status">
          <Text>{t(`sync.verify.state.${state}`, { compared: number(compared), documents: number(documents) })}</Text>
          <Progress
            value={documents === 0 ? 100 : (100 * compared) / documents}
            animated
            aria-label={t('sync.verify.title')}
            my="xs"
          />
        </div>
      )}
      {sentence && (
        <Alert color={COLORS[sentence.tone]} variant="light">
          {t(`sync.verify.${sentence.key}`, {
            count: sentence.count,
            number: number(sentence.count),
            reason: last?.reason ?? '',
          })}
        </Alert>
      )}
      {last && last.excluded > 0 && (
        <Text mt="xs">{t('sync.verify.excluded', { count: last.excluded, number: number(last.excluded) })}</Text>
      )}
      {last && (
        <Text size="sm" className="kit-quiet" mt="xs">
          {t('sync.verify.at', { at: moment(last.finishedAt) })}
          {nextRunAt && ` · ${t('sync.verify.nextRun', { at: moment(nextRunAt) })}`}
        </Text>
      )}
      {receipt && (
        <details>
          <summary>{t('sync.verify.receipt', { at: moment(receipt.at), number: number(receipt.count) })}</summary>
          <Text size="sm" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
            Hub: {receipt.hubId}
            <br />
            {t('sync.verify.digest')}: {receipt.digest}
            <br />
            {t('sync.verify.signature')}: {receipt.signature}
          </Text>
        </details>
      )}
    </Card>
  )
}
