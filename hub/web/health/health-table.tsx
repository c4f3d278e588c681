import { Anchor, Table, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { localNumber } from '../../../web-kit/local-form'
import { Pager } from '../../../web-kit/pager'
import type { Measure, Place, StatisticsRow } from './statistics-query'

const ON_A_PAGE = 30

interface HealthTableProps {
  readonly rows: readonly StatisticsRow[]
  readonly by: Place
  readonly measure: Measure
  readonly below: number
  readonly labelOf: (key: string, label?: string) => string
  /** Where the row's own weeks are, if there are any. */
  readonly addressOf: (key: string) => string | undefined
}

/** The same numbers as the chart, all of them. */
export function HealthTable({ rows, by, measure, below, labelOf, addressOf }: HealthTableProps) {
  const { t, i18n } = useTranslation()
  const [page, setPage] = useState(0)
  // Another question may have fewer rows.
  const from = page * ON_A_PAGE < rows.length ? page * ON_A_PAGE : 0
  return (
    <>
      <Table.ScrollContainer minWidth={320} className="kit-surface">
        <Table verticalSpacing={6} horizontalSpacing="md">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t(by === 'group' ? `health.place.group.${measure}` : `health.place.${by}`)}</Table.Th>
              <Table.Th ta="right">{t(`health.of.${measure}`)}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.slice(from, from + ON_A_PAGE).map(({ key, label, count }) => (
              <Table.Tr key={key}>
                <Table.Td>
                  <Name what={labelOf(key, label)} address={addressOf(key)} />{' '}
                  {(by === 'group' || by === 'facility') && (
                    <Text component="span" size="sm" ff="monospace" className="kit-quiet">
                      {key}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td ta="right">
                  {count === null ? (
                    <span title={t('health.suppressed', { below })}>{`<${below}`}</span>
                  ) : (
                    localNumber(count, i18n.language)
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Pager page={from / ON_A_PAGE} size={ON_A_PAGE} count={rows.length} onPage={setPage} />
    </>
  )
}

function Name({ what, address }: { what: string; address: string | undefined }) {
  const { t } = useTranslation()
  if (address === undefined) return what
  return (
    <Anchor component={Link} to={address} title={t('health.narrow', { what })}>
      {what}
    </Anchor>
  )
}
