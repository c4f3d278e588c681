import { Button, Card, Group, Select, SimpleGrid, Text, TextInput, Title } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import type { Statistics } from '../../../schemas/generated/types'
import { ask, nowThere } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { localDate, localMoment, localNumber } from '../../../web-kit/local-form'
import { useNodes } from '../registrations/use-registrations'
import { HealthTable } from './health-table'
import { hasGroups, MEASURES, PLACES, pathOf, queryIn, rowsOf, type StatisticsQuery } from './statistics-query'

/** With what draws charts. */
const HealthChart = lazy(() => import('./health-chart').then((part) => ({ default: part.HealthChart })))

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
    refetchInterval: 60_000,
  })
  const set = (part: Partial<StatisticsQuery>) => {
    const { measure, by, from, to, facility } = { ...query, ...part }
    setParams(
      { measure, by, ...(from && { from }), ...(to && { to }), ...(facility && { facility }) },
      { replace: true },
    )
  }
  // What stands there while another answer comes is of another question.
  const rows = data && data.measure === query.measure && data.by[0] === query.by ? rowsOf(data, query.by) : []
  const isNothing = rows.every(({ count }) => count === 0)
  const names = new Map(nodes.map(({ externalId, name }) => [externalId, name]))
  const labelOf = (key: string, label?: string) => {
    if (query.by === 'facility') return names.get(key) ?? key
    if (query.by === 'district' && key === '') return t('health.noDistrict')
    return label ?? (key === 'other' ? t('health.other') : key)
  }
  return (
    <>
      <Title order={1}>{t('health.title')}</Title>
      <Text className="kit-quiet" mb="sm" maw={760}>
        {t('health.note', { below: data?.suppressedBelow ?? 5 })}
      </Text>
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 5 }} spacing="sm" verticalSpacing="xs" mb="md">
        <Select
          label={t('health.measure')}
          value={query.measure}
          onChange={(value) => set({ measure: MEASURES.find((one) => one === value) ?? 'visits' })}
          data={MEASURES.map((value) => ({ value, label: t(`health.of.${value}`) }))}
          allowDeselect={false}
        />
        <Select
          label={t('health.by')}
          value={query.by}
          onChange={(value) => set({ by: PLACES.find((one) => one === value) ?? 'week' })}
          data={PLACES.filter((place) => place !== 'group' || hasGroups(query.measure)).map((value) => ({
            value,
            label: t(value === 'group' ? `health.place.group.${query.measure}` : `health.place.${value}`),
          }))}
          allowDeselect={false}
        />
        <Select
          label={t('health.facility')}
          value={query.facility === '' ? null : query.facility}
          onChange={(value) => set({ facility: value ?? '' })}
          data={nodes.map(({ externalId, name }) => ({ value: externalId, label: `${name} (${externalId})` }))}
          placeholder={t('health.allFacilities')}
          searchable
          clearable
          limit={50}
        />
        {(['from', 'to'] as const).map((name) => (
          <TextInput
            key={name}
            type="date"
            label={t(`health.${name}`)}
            value={query[name] || (data?.[name] ?? '')}
            onChange={({ currentTarget }) => set({ [name]: currentTarget.value })}
          />
        ))}
      </SimpleGrid>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
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
              download={`${query.measure}-${query.by}.csv`}
              variant="default"
              size="compact-sm"
              leftSection={<IconDownload size={16} />}
            >
              CSV
            </Button>
          </Group>
          {isNothing && !isFetching && <Text role="status">{t('health.none')}</Text>}
          {!isNothing && (
            <>
              <Card className="kit-surface" padding="md" mb="md">
                <Suspense fallback={<div style={{ height: 280 }} />}>
                  <HealthChart rows={rows} by={query.by} labelOf={labelOf} title={t(`health.of.${query.measure}`)} />
                </Suspense>
              </Card>
              <HealthTable
                rows={rows}
                by={query.by}
                measure={query.measure}
                labelOf={labelOf}
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
