import { Anchor, Badge, Table, Text, UnstyledButton } from '@mantine/core'
import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { NodeSummary } from '../../../schemas/generated/types'
import { nowThere } from '../../../web-kit/ask'
import { localAgo, localBytes, localNumber } from '../../../web-kit/local-form'
import { COLUMNS, type Column, NUMBERS, placeOf } from './facility-table'
import { StandingBadge } from './standing-badge'

interface FacilitiesTableProps {
  readonly nodes: readonly NodeSummary[]
  readonly column: Column
  readonly isDescending: boolean
  readonly onSort: (column: Column) => void
}

export function FacilitiesTable({ nodes, column: sorted, isDescending, onSort }: FacilitiesTableProps) {
  const { t } = useTranslation()
  return (
    <Table.ScrollContainer minWidth={1060} className="kit-surface">
      <Table verticalSpacing={6} horizontalSpacing="xs" fz="sm" highlightOnHover className="facilities">
        <Table.Thead>
          <Table.Tr>
            {COLUMNS.map((column) => {
              const isSorted = column === sorted
              const Icon = !isSorted ? IconArrowsSort : isDescending ? IconArrowDown : IconArrowUp
              return (
                <Table.Th
                  key={column}
                  aria-sort={isSorted ? (isDescending ? 'descending' : 'ascending') : 'none'}
                  {...(NUMBERS.includes(column) && { ta: 'right' as const })}
                >
                  <UnstyledButton className="facilities-sort" onClick={() => onSort(column)}>
                    {t(`facilities.column.${column}`)}
                    <Icon size={15} aria-hidden opacity={isSorted ? 1 : 0.45} />
                  </UnstyledButton>
                </Table.Th>
              )
            })}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {nodes.map((node) => (
            <Row key={node.nodeName} node={node} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function Row({ node }: { node: NodeSummary }) {
  const { t, i18n } = useTranslation()
  const now = nowThere()
  const ago = (iso: string | undefined) => (iso === undefined ? '–' : localAgo(iso, i18n.language, now))
  const refused = node.refusedDocuments ?? 0
  const { report } = node
  const place = placeOf(node)
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component={Link} to={`/facilities/${node.nodeName}`} fw={600} fz="sm">
          {node.name}
        </Anchor>
        <Text size="sm" className="kit-quiet">
          <Text component="span" ff="monospace" size="sm">
            {node.externalId}
          </Text>
          {place !== undefined && ` · ${place}`}
        </Text>
      </Table.Td>
      <Table.Td>
        <StandingBadge node={node} />
      </Table.Td>
      <Table.Td>{ago(node.lastSeenAt)}</Table.Td>
      <Table.Td ta="right">{report ? localNumber(report.backlogDocuments, i18n.language) : '–'}</Table.Td>
      <Table.Td>{ago(report?.oldestUnsentAt)}</Table.Td>
      <Table.Td ta="right" {...(refused > 0 && { c: 'var(--mantine-color-error)', fw: 650 })}>
        {localNumber(refused, i18n.language)}
      </Table.Td>
      <Table.Td>{report?.version ?? '–'}</Table.Td>
      <Table.Td ta="right">{report ? localBytes(report.bytesToday, i18n.language) : '–'}</Table.Td>
      <Table.Td>{ago(node.lastReceipt?.at)}</Table.Td>
      <Table.Td>
        {node.dataAccess.status === 'none' ? (
          <span className="kit-quiet">{t('facilities.access.none')}</span>
        ) : (
          <Badge variant="light" color={ACCESS_COLOURS[node.dataAccess.status]}>
            {t(`facilities.access.${node.dataAccess.status}`)}
          </Badge>
        )}
      </Table.Td>
    </Table.Tr>
  )
}

export const ACCESS_COLOURS = { none: 'gray', pending: 'yellow', accepted: 'leaf', rejected: 'gray' } as const
