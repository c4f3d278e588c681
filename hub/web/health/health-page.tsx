import { Button, Card, Group, Loader, Text, Title } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { nowThere } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { localDate, localMoment, localNumber } from '../../../web-kit/local-form'
import { useNodes } from '../registrations/use-registrations'
import { HealthFilters } from './health-filters'
import { HealthTable } from './health-table'
import { dimensionsOf, pathOf, queryIn, rowsOf, type StatisticsQuery, saidOf } from './statistics-query'
import { TITLES_ID } from './titles-id'
import { useStatistics } from './use-statistics'
import { WeeklyTable } from './weekly-table'

/** With what draws charts. */
const HealthChart = lazy(() => import('./health-chart').then((part) => ({ default: part.HealthChart })))

/** How the country fares, in numbers with nobody in them. */
export function HealthPage() {
  const { t, i18n } = useTranslation()
  const [params, setParams] = useSearchParams()
  const query = queryIn(params)
  const nodes = useNodes().data?.nodes ?? []
  // What stood there before is of another question.
  const { told, last, isPreparing, error, ask } = useStatistics(query)
  const set = (part: Partial<StatisticsQuery>) => setParams(saidOf({ ...query, ...part }), { replace: true })
  const rows = told ? rowsOf(told, query.by) : []
  const isNothing = rows.every(({ count }) => count === 0)
  const names = new Map(nodes.map(({ externalId, name }) => [externalId, name]))
  const titleOf = (code: string) => (i18n.language === 'id' ? TITLES_ID.get(code) : undefined)
  const labelOf = (key: string, label?: string) => {
    if (query.by === 'facility') return names.get(key) ?? key
    if (query.by === 'district' && key === '') return t('health.noDistrict')
    return titleOf(key) ?? label ?? (key === 'other' ? t('health.other') : key)
  }
  const groupOf = (code: string) => titleOf(code) ?? told?.label ?? code
  // A facility or a group alone, over the weeks: what stands behind its number.
  const narrowed = (key: string): Partial<StatisticsQuery> | undefined => {
    if (query.by === 'facility') return { facility: key, by: 'week' }
    return query.by === 'group' ? { group: key, by: 'week' } : undefined
  }
  return (
    <>
      <Title order={1}>{t('health.title')}</Title>
      <Text className="kit-quiet" mb="sm" maw={760}>
        {t('health.note', { below: last?.suppressedBelow ?? 5 })}
      </Text>
      <HealthFilters query={query} nodes={nodes} data={last} groupLabel={groupOf(query.group)} onChange={set} />
      {error && <Failure error={error} onRetry={ask} />}
      {!told && !error && (
        <Group gap="sm" role="status">
          <Loader size="sm" />
          <Text>{t(isPreparing ? 'health.preparing' : 'health.counting')}</Text>
        </Group>
      )}
      {told && (
        <>
          <Group justify="space-between" mb="sm">
            <Text size="sm" className="kit-quiet" role="status">
              {t('health.span', {
                from: localDate(told.from, i18n.language),
                to: localDate(told.to, i18n.language),
                at: localMoment(told.asOf, i18n.language, nowThere()),
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
          {isNothing && <Text role="status">{t('health.none')}</Text>}
          {!isNothing && query.isWeekly && (
            <WeeklyTable
              statistics={told}
              by={query.by}
              title={t(query.by === 'group' ? `health.place.group.${query.measure}` : `health.place.${query.by}`)}
              labelOf={labelOf}
            />
          )}
          {!isNothing && !query.isWeekly && (
            <>
              <Card className="kit-surface" padding="md" mb="md">
                <Suspense fallback={<div style={{ height: 280 }} />}>
                  <HealthChart rows={rows} by={query.by} labelOf={labelOf} title={t(`health.of.${query.measure}`)} />
                </Suspense>
                {rows.some(({ count }) => count === null) && (
                  <Text size="sm" className="kit-quiet">
                    {t('health.gaps', { below: told.suppressedBelow })}
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
                below={told.suppressedBelow}
              />
            </>
          )}
          {told.unlisted && (
            <Text size="sm" className="kit-quiet" mt="sm">
              {t('health.unlisted')}
            </Text>
          )}
          {told.undated !== 0 && (
            <Text size="sm" className="kit-quiet" mt="sm">
              {t('health.undated', {
                number: told.undated === null ? `<${told.suppressedBelow}` : localNumber(told.undated, i18n.language),
              })}
            </Text>
          )}
        </>
      )}
    </>
  )
}
