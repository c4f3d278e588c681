import { Table, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Statistics } from '../../../schemas/generated/types'
import { localNumber } from '../../../web-kit/local-form'
import { Pager } from '../../../web-kit/pager'
import './health.css'
import { type Place, weeklyRowsOf } from './statistics-query'

const ON_A_PAGE = 30
/** The strongest shade that leaves the number on it readable. */
const MOST_SHADE = 45

interface WeeklyTableProps {
  readonly statistics: Statistics
  readonly by: Place
  /** What stands above the places or groups. */
  readonly title: string
  readonly labelOf: (key: string, label?: string) => string
}

/** Places or groups below each other and weeks beside each other, the darker the more: where something begins is seen at a glance. */
export function WeeklyTable({ statistics, by, title, labelOf }: WeeklyTableProps) {
  const { t, i18n } = useTranslation()
  const [page, setPage] = useState(0)
  const below = statistics.suppressedBelow
  const { weeks, rows, most } = weeklyRowsOf(statistics, by)
  const from = page * ON_A_PAGE < rows.length ? page * ON_A_PAGE : 0
  return (
    <>
      <Table.ScrollContainer
        minWidth={220 + weeks.length * 58}
        className="kit-surface"
        // The arrow keys move what has the focus; its outline would be cut off outside.
        scrollAreaProps={{
          viewportProps: { tabIndex: 0, role: 'region', 'aria-label': title, style: { outlineOffset: -3 } },
        }}
      >
        <Table verticalSpacing={6} horizontalSpacing={6} fz="sm" className="health-weekly">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{title}</Table.Th>
              {weeks.map((week) => (
                <Table.Th key={week} ta="right">
                  <span className="kit-hidden">{week.slice(0, 5)}</span>
                  {week.slice(5)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.slice(from, from + ON_A_PAGE).map(({ key, label, counts }) => (
              <Table.Tr key={key}>
                <Table.Th scope="row" fw={400}>
                  {labelOf(key, label)}{' '}
                  {by !== 'district' && (
                    <Text component="span" size="sm" ff="monospace" className="kit-quiet">
                      {key}
                    </Text>
                  )}
                </Table.Th>
                {counts.map((count, at) => (
                  <Table.Td
                    key={weeks[at]}
                    ta="right"
                    style={{ '--health-shade': `${Math.round(((count ?? 0) / most) * MOST_SHADE)}%` }}
                  >
                    {count === null ? (
                      <span title={t('health.suppressed', { below })}>{`<${below}`}</span>
                    ) : (
                      localNumber(count, i18n.language)
                    )}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Pager page={from / ON_A_PAGE} size={ON_A_PAGE} count={rows.length} onPage={setPage} />
    </>
  )
}
