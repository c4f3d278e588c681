import '@mantine/charts/styles.css'
import { AreaChart } from '@mantine/charts'
import { Group, SegmentedControl, Table, Text, Title, VisuallyHidden } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { NodeSeries } from '../../../schemas/generated/types'
import { ask, nowThere } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { localBytes, localDate, localMoment, localNumber } from '../../../web-kit/local-form'
import { type Hour, MEASURES, type Measure, pointsOf } from './series'

const SPANS = [1, 7, 30, 90] as const
const DAY_MS = 24 * 3_600_000
const TABLE_ROWS = 50

/** How a facility fared, hour by hour, as it said itself. */
export function SeriesCharts({ nodeName }: { nodeName: string }) {
  const { t } = useTranslation()
  const [days, setDays] = useState<number>(7)
  const { data, error, refetch } = useQuery({
    queryKey: ['series', nodeName, days],
    queryFn: ({ signal }) => {
      const from = new Date(nowThere().getTime() - days * DAY_MS).toISOString()
      return ask<NodeSeries>(`/operator/nodes/${nodeName}/series?from=${from}`, { signal })
    },
    refetchInterval: 5 * 60_000,
    placeholderData: (before) => before,
  })
  return (
    <section aria-labelledby="series">
      <Group justify="space-between" mt="lg" mb="sm">
        <Title order={2} size="h3" id="series">
          {t('facilities.series.title')}
        </Title>
        <SegmentedControl
          value={String(days)}
          onChange={(value) => setDays(Number(value))}
          data={SPANS.map((span) => ({ value: String(span), label: t('facilities.series.days', { count: span }) }))}
          aria-label={t('facilities.series.span')}
        />
      </Group>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data?.series.length === 0 && <Text className="kit-quiet">{t('facilities.series.none')}</Text>}
      {data && data.series.length > 0 && (
        <div className="facility-charts">
          {MEASURES.map((measure) => (
            <SeriesChart key={measure} measure={measure} series={data.series} isLong={days > 1} />
          ))}
        </div>
      )}
    </section>
  )
}

function SeriesChart({ measure, series, isLong }: { measure: Measure; series: readonly Hour[]; isLong: boolean }) {
  const { t, i18n } = useTranslation()
  const { language } = i18n
  const points = pointsOf(series, measure)
  const title = t(`facilities.series.${measure}`)
  const said = (value: number) =>
    measure.includes('ytes') ? localBytes(value, language) : localNumber(value, language)
  const last = series.at(-1)?.[measure]
  if (!points.some(({ value }) => value !== null)) return null
  const at = (hour: string) => (isLong ? localDate(hour, language) : localMoment(hour, language, nowThere()))
  return (
    <figure className="kit-surface" style={{ margin: 0, padding: 'var(--mantine-spacing-md)', minWidth: 0 }}>
      <figcaption>
        <Text fw={600}>{title}</Text>
        <Text size="sm" className="kit-quiet" mb="xs">
          {last === undefined ? '–' : t('facilities.series.last', { value: said(last) })}
        </Text>
      </figcaption>
      <div aria-hidden="true">
        <AreaChart
          h={170}
          data={points.map(({ hour, value }) => ({ hour: at(hour), value }))}
          dataKey="hour"
          series={[{ name: 'value', label: title, color: measure === 'refusedDocuments' ? 'red.7' : 'leaf.6' }]}
          curveType="linear"
          withDots={false}
          connectNulls={false}
          yAxisProps={{ width: 64, tickFormatter: said, allowDecimals: false }}
          xAxisProps={{ minTickGap: 40 }}
          areaChartProps={{ accessibilityLayer: false, margin: { right: 8, top: 4 } }}
          valueFormatter={said}
        />
      </div>
      <VisuallyHidden>
        <Table>
          <caption>{title}</caption>
          <Table.Tbody>
            {points.slice(-TABLE_ROWS).map(({ hour, value }) => (
              <Table.Tr key={hour}>
                <Table.Th scope="row">{localMoment(hour, language, nowThere())}</Table.Th>
                <Table.Td>{value === null ? '–' : said(value)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </VisuallyHidden>
    </figure>
  )
}
