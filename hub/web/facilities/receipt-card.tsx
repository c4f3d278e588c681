import { Card, Code, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Receipt } from '../../../schemas/generated/types'
import { AskError, ask, nowThere } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { localMoment, localNumber } from '../../../web-kit/local-form'

/** When everything of the facility was last found at the hub, document by document. */
export function ReceiptCard({ nodeName }: { nodeName: string }) {
  const { t, i18n } = useTranslation()
  const { data, error, refetch } = useQuery({
    queryKey: ['receipt', nodeName],
    queryFn: ({ signal }) => ask<Receipt>(`/operator/nodes/${nodeName}/receipt`, { signal }),
  })
  const isNone = error instanceof AskError && error.status === 404
  return (
    <Card className="kit-surface" padding="md" component="section" aria-labelledby="receipt">
      <Title order={2} size="h3" id="receipt" mb="xs">
        {t('facilities.receipt.title')}
      </Title>
      {isNone && <Text className="kit-quiet">{t('facilities.receipt.none')}</Text>}
      {error && !isNone && <Failure error={error} onRetry={() => void refetch()} />}
      {data && (
        <>
          <Text>
            {t('facilities.receipt.said', {
              count: data.count,
              documents: localNumber(data.count, i18n.language),
              at: localMoment(data.at, i18n.language, nowThere()),
            })}
          </Text>
          <Text size="sm" className="kit-quiet" mt="xs">
            {t('facilities.receipt.note')}
          </Text>
          <Text size="sm" mt="xs">
            {t('facilities.receipt.digest')}{' '}
            <Code style={{ overflowWrap: 'anywhere', background: 'transparent' }}>{data.digest}</Code>
          </Text>
        </>
      )}
    </Card>
  )
}
