import { Button, Card, Group, Loader, Text, Title } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import type { Statistics } from '../../../schemas/generated/types'
import { AskError, ask, nowThere } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { localDate, localMoment, localNumber } from '../../../web-kit/local-form'
import { useNodes } from '../registrations/use-registrations'
import { HealthFilters } from './health-filters'
import { HealthTable } from './health-table'
import { dimensionsOf, pathOf, queryIn, rowsOf, type StatisticsQuery, saidOf } from './statistics-query'
import { TITLES_ID } from './titles-id'
import { WeeklyTable } from './weekly-table'

/** With what draws charts. */
const HealthChart = lazy(() => import('./health-chart').then((part) => ({ default: part.HealthChart })))

/** New counts, and another look while the first are being made. */
const LATER_MS = 60_000
const SOON_MS = 5_000
const MOST_TRIES = 2

/** How the country fares, in numbers with nobody in them. */
export function HealthPage() {
  const { t, i18n } = useTranslation()
  const [params, setParams] = useSearchParams()
  const query = queryIn(params)
  const nodes = useNodes().data?.nodes ?? []
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ['statistics', pathOf(query)],
    queryFn: ({ signal }) => ask<Statistics>(pathOf(query), { signal }),
    placeholderData: (before) => before,
    retry: (count, problem) => count < MOST_TRIES && !isCounting(problem) && !isRefused(problem),
    refetchInterval: ({ state }) => (isCounting(state.error) ? SOON_MS : LATER_MS),
  })
  const set = (part: Partial<StatisticsQuery>) => setParams(saidOf({ ...query, ...part }), { replace: true })
  // What stands there while another answer comes is of another question.
  const isOfThis = data?.measure === query.measure && String(data.by) === String(dimensionsOf(query))
  const rows = isOfThis ? rowsOf(data, query.by) : []
  const isNothing = rows.every(({ count }) => count === 0)
  const names = new Map(nodes.map(({ externalId, name }) => [externalId, name]))
  const titleOf = (code: string) => (i18n.language === 'id' ? TITLES_ID.get(code) : undefined)
  const labelOf = (key: string, label?: string) => {
    if (query.by === 'facility') return names.get(key) ?? key
    if (query.by === 'district' && key === '') return t('health.noDistrict')
    return titleOf(key) ?? label ?? (key === 'other' ? t('health.other') : key)
  }
  const groupOf = (code: string) => titleOf(code) ?? data?.label ?? code
  // A facility or a group alone, over the weeks: what stands behind its number.
  const narrowed = (key: string): Partial<StatisticsQuery> | undefined => {
    if (query.by === 'facility') return { facility: key, by: 'week' }
    return query.by === 'group' ? { group: key, by: 'week' } : undefined
  }
  const isMatrix = query.isWeekly && isOfThis
  return (
    <>
      <Title order={1}>{t('health.title')}</Title>
      <Text className="kit-quiet" mb="sm" maw={760}>
        {t('health.note', { below: data?.suppressedBelow ?? 5 })}
      </Text>
      <HealthFilters query={query} nodes={nodes} data={data} groupLabel={groupOf(query.group)} onChange={set} />
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && (
        <Group gap="sm" role="status">
          <Loader size="sm" />
          <Text>{t('health.counting')}</Text>
        </Group>
      )}
      {data && (
        <>
          <Group justify="space-between" mb="sm">
            <Text size="sm" className="kit-quiet" role="status">
              {t('health.span', {
                from: localDate(data.from, i18n.language),
                to: localDate(data.to, i18n.language),
                at: localMoment(data.asOf, i18n.language, nowThere()),
              })}
            </Text>
            <Button
              component="a"
              href={pathOf(query, 'csv')}
              download={`${[query.measure, ...dimensionsOf(query)].join('-')}.csv`}
              variant="default"
              size="compact-sm"
              leftSection={<IconDownload size={16} />}
            >
              CSV
            </Button>
          </Group>
          {isNothing && !isFetching && <Text role="status">{t('health.none')}</Text>}
          {!isNothing && isMatrix && (
            <WeeklyTable
              statistics={data}
              by={query.by}
              title={t(query.by === 'group' ? `health.place.group.${query.measure}` : `health.place.${query.by}`)}
              labelOf={labelOf}
            />
          )}
          {!isNothing && !isMatrix && (
            <>
              <Card className="kit-surface" padding="md" mb="md">
                <Suspense fallback={<div style={{ height: 280 }} />}>
                  <HealthChart rows={rows} by={query.by} labelOf={labelOf} title={t(`health.of.${query.measure}`)} />
                </Suspense>
                {rows.some(({ count }) => count === null) && (
                  <Text size="sm" className="kit-quiet">
                    {t('health.gaps', { below: data.suppressedBelow })}
                  </Text>
                )}
              </Card>
              <HealthTable
                rows={rows}
                by={query.by}
                measure={query.measure}
                labelOf={labelOf}
                addressOf={(key) => {
                  const part = narrowed(key)
                  return part && `?${new URLSearchParams(saidOf({ ...query, ...part, isWeekly: false }))}`
                }}
                below={data.suppressedBelow}
              />
            </>
          )}
          {data.unlisted && (
            <Text size="sm" className="kit-quiet" mt="sm">
              {t('health.unlisted')}
            </Text>
          )}
          {data.undated !== 0 && (
            <Text size="sm" className="kit-quiet" mt="sm">
              {t('health.undated', {
                number: data.undated === null ? `<${data.suppressedBelow}` : localNumber(data.undated, i18n.language),
              })}
            </Text>
          )}
        </>
      )}
    </>
  )
}

/** What was refused is refused again. */
function isRefused(error: unknown): boolean {
  return error instanceof AskError && error.status > 0 && error.status < 500
}

/** The index is not whole yet: the hub says so until it is. */
function isCounting(error: unknown): boolean {
  return error instanceof AskError && error.code === 'COUNTS_NOT_READY'
}
