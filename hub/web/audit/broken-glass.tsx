import { Badge, Button, Card, Group, SegmentedControl, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BtgEntry } from '../../../schemas/generated/types'
import { ask, nowThere } from '../../../web-kit/ask'
import { DeedModal } from '../../../web-kit/deed-modal'
import { Failure } from '../../../web-kit/failure'
import { localMoment } from '../../../web-kit/local-form'
import { useBrokenGlass, useFacilityNames } from './use-audit'

/** Imports for which somebody set aside what consent says: each is looked into by a person, who signs for it. */
export function BrokenGlass() {
  const { t } = useTranslation()
  const [status, setStatus] = useState<'open' | 'reviewed'>('open')
  const [reviewing, setReviewing] = useState<BtgEntry>()
  const queries = useQueryClient()
  const found = useBrokenGlass(status)
  const entries = found.data?.pages.flatMap((page) => page.entries) ?? []
  return (
    <>
      <Text className="kit-quiet" mb="sm" maw={760}>
        {t('audit.glass.note')}
      </Text>
      <SegmentedControl
        value={status}
        onChange={(value) => setStatus(value === 'open' ? 'open' : 'reviewed')}
        data={(['open', 'reviewed'] as const).map((value) => ({ value, label: t(`audit.glass.${value}`) }))}
        aria-label={t('audit.glass.which')}
        mb="md"
      />
      {found.error && <Failure error={found.error} onRetry={() => void found.refetch()} />}
      {found.isSuccess && entries.length === 0 && <Text role="status">{t(`audit.glass.none.${status}`)}</Text>}
      {entries.map((entry) => (
        <Glass key={entry.auditId} entry={entry} onReview={() => setReviewing(entry)} />
      ))}
      {found.hasNextPage && (
        <Button variant="default" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {t('frame.more')}
        </Button>
      )}
      {reviewing && (
        <DeedModal
          title={t('audit.glass.reviewTitle')}
          effect={t('audit.glass.effect')}
          verb={t('audit.glass.sign')}
          reason={{ label: t('audit.glass.finding'), hint: t('audit.glass.findingHint') }}
          onDo={async (finding) => {
            const id = encodeURIComponent(reviewing.auditId)
            await ask(`/operator/btg/${id}/review`, { method: 'POST', body: { finding } })
            await queries.invalidateQueries({ queryKey: ['btg'] })
          }}
          onClose={() => setReviewing(undefined)}
        />
      )}
    </>
  )
}

function Glass({ entry, onReview }: { entry: BtgEntry; onReview: () => void }) {
  const { t, i18n } = useTranslation()
  const facilityOf = useFacilityNames()
  const { at, node, mrn, reason, overridden, status, reviews } = entry
  const now = nowThere()
  return (
    <Card className="kit-surface" padding="md" mb="sm" component="article" aria-label={`${facilityOf(node)}, ${mrn}`}>
      <Group justify="space-between" align="flex-start">
        <div className="audit-glass">
          <Text fw={650}>{t('audit.glass.who', { who: facilityOf(node), mrn })}</Text>
          <Text>“{reason}”</Text>
          <Text size="sm" className="kit-quiet">
            {localMoment(at, i18n.language, now)}
            {overridden !== undefined &&
              ` · ${overridden === 0 ? t('audit.glass.needless') : t('audit.glass.overridden', { count: overridden })}`}
          </Text>
          {reviews.map((review) => (
            <Text key={review.at} mt="xs" className="audit-review">
              {t('audit.glass.reviewed1', {
                operator: review.operator,
                at: localMoment(review.at, i18n.language, now),
                finding: review.finding,
              })}
            </Text>
          ))}
        </div>
        <Group gap="xs">
          <Badge variant="light" color={status === 'open' ? 'orange' : 'leaf'}>
            {t(`audit.glass.${status}`)}
          </Badge>
          <Button variant={status === 'open' ? 'filled' : 'light'} onClick={onReview}>
            {t(status === 'open' ? 'audit.glass.review' : 'audit.glass.another')}
          </Button>
        </Group>
      </Group>
    </Card>
  )
}
