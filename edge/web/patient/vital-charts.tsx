import '@mantine/charts/styles.css'
import { LineChart } from '@mantine/charts'
import { Table, Text, VisuallyHidden } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { localDate, localMoment, localNumber } from '../../../web-kit/local-form'
import { VITAL_SIGNS, type VitalName } from '../visit/vital-signs'
import type { Measured, PatientRecord } from './record'

/** As many as a line can show. */
const MOST_POINTS = 200
const TABLE_ROWS = 50

/** One chart a sign; the two of the blood pressure are one. Behind each stands a table with the same numbers. */
export function VitalCharts({ vitals }: Pick<PatientRecord, 'vitals'>) {
  return (
    <div style={{ display: 'grid', gap: 'var(--mantine-spacing-md)', gridTemplateColumns: COLUMNS }}>
      {CHARTS.filter(({ names }) => names.some((name) => vitals[name])).map(({ title, names }) => (
        <VitalChart key={title} title={title} names={names} vitals={vitals} />
      ))}
    </div>
  )
}

const COLUMNS = 'repeat(auto-fill, minmax(min(100%, 300px), 1fr))'
const CHARTS: readonly { title: string; names: readonly VitalName[] }[] = [
  { title: 'pressure', names: ['systolic', 'diastolic'] },
  ...(['weight', 'height', 'temperature', 'pulse', 'oxygen', 'breathing'] as const).map((name) => ({
    title: name,
    names: [name],
  })),
]
const COLORS = ['leaf.6', 'orange.6'] as const

interface Point {
  readonly at: string
  readonly [name: string]: string | number
}

function VitalChart({
  title,
  names,
  vitals,
}: { title: string; names: readonly VitalName[] } & Pick<PatientRecord, 'vitals'>) {
  const { t, i18n } = useTranslation()
  const { language } = i18n
  const points = pointsOf(names.map((name) => [name, vitals[name] ?? []] as const)).slice(-MOST_POINTS)
  const last = points.at(-1)
  const unit = VITAL_SIGNS[names[0] ?? 'pulse'].unit
  const value = (point: Point) =>
    names.map((name) => (typeof point[name] === 'number' ? localNumber(point[name], language) : '–')).join('/')
  if (!last) return null
  return (
    <figure className="kit-surface" style={{ margin: 0, padding: 'var(--mantine-spacing-md)' }}>
      <figcaption>
        <Text fw={600}>{t(`patient.vital.${title}`)}</Text>
        <Text size="sm" className="kit-quiet" mb="xs">
          {t('patient.last', { value: `${value(last)} ${unit}`, at: localMoment(last.at, language, new Date()) })}
        </Text>
      </figcaption>
      <div aria-hidden="true">
        <LineChart
          h={180}
          data={points.map((point) => ({ ...point, at: localDate(point.at, language) }))}
          dataKey="at"
          series={names.map((name, index) => ({
            name,
            label: t(`patient.vital.${name}`),
            color: COLORS[index] ?? 'leaf.6',
          }))}
          curveType="linear"
          withDots={points.length < 40}
          connectNulls
          yAxisProps={{
            domain: ['auto', 'auto'],
            width: 36,
            tickFormatter: (number: number) => localNumber(number, language),
          }}
          xAxisProps={{ minTickGap: 40 }}
          lineChartProps={{ accessibilityLayer: false, margin: { right: 8, top: 4 } }}
          valueFormatter={(number) => `${localNumber(number, language)} ${unit}`}
        />
      </div>
      <VisuallyHidden>
        <Table>
          <caption>{`${t(`patient.vital.${title}`)} (${unit})`}</caption>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('patient.when')}</Table.Th>
              <Table.Th scope="col">{t(`patient.vital.${title}`)}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {points.slice(-TABLE_ROWS).map((point) => (
              <Table.Tr key={point.at}>
                <Table.Td>{localMoment(point.at, language, new Date())}</Table.Td>
                <Table.Td>{value(point)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </VisuallyHidden>
    </figure>
  )
}

/** What was measured at one moment is one point. */
function pointsOf(series: readonly (readonly [VitalName, readonly Measured[]])[]): Point[] {
  const points = new Map<string, Point>()
  for (const [name, measured] of series) {
    for (const { at, value } of measured) points.set(at, { ...(points.get(at) ?? { at }), [name]: value })
  }
  return [...points.values()].sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
}
