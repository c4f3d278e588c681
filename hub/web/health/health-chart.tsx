import '@mantine/charts/styles.css'
import { BarChart } from '@mantine/charts'
import { useTranslation } from 'react-i18next'
import { localNumber } from '../../../web-kit/local-form'
import type { Place, StatisticsRow } from './statistics-query'

/** Of places and groups the first ones; the table has them all. */
const MOST_BARS = 15
const BAR_PX = 30

interface HealthChartProps {
  readonly rows: readonly StatisticsRow[]
  readonly by: Place
  readonly title: string
  readonly labelOf: (key: string, label?: string) => string
}

/** Weeks beside each other, anything else below each other, where long names have room. The table says the same to who sees none. */
export function HealthChart({ rows, by, title, labelOf }: HealthChartProps) {
  const { i18n } = useTranslation()
  const isTime = by === 'week'
  const shown = isTime ? rows : rows.slice(0, MOST_BARS)
  return (
    <div aria-hidden="true">
      <BarChart
        h={isTime ? 280 : shown.length * BAR_PX + 40}
        data={shown.map(({ key, label, count }) => ({ key: labelOf(key, label), count }))}
        dataKey="key"
        orientation={isTime ? 'horizontal' : 'vertical'}
        series={[{ name: 'count', label: title, color: 'leaf.6' }]}
        yAxisProps={{
          width: isTime ? 48 : 190,
          ...(isTime && {
            allowDecimals: false,
            tickFormatter: (value: number) => localNumber(value, i18n.language, 0),
          }),
        }}
        xAxisProps={isTime ? { minTickGap: 16 } : { allowDecimals: false }}
        barChartProps={{ accessibilityLayer: false, margin: { right: 12, top: 4 } }}
        valueFormatter={(value) => localNumber(value, i18n.language, 0)}
      />
    </div>
  )
}
