import { Group, Select, Text, TextInput, Title } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { nowThere } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { Pager } from '../../../web-kit/pager'
import { useNodes } from '../registrations/use-registrations'
import './facilities.css'
import { FacilitiesTable } from './facilities-table'
import { countsOf, rowsOf, STANDINGS, type Standing } from './facility-table'
import { useTableQuery } from './use-table-query'

const ON_A_PAGE = 50

/** All accepted facilities: the ones that need somebody first. */
export function FacilitiesPage() {
  const { t } = useTranslation()
  const { data, error, refetch } = useNodes()
  const [query, change] = useTableQuery()
  const nodes = data?.nodes ?? []
  const now = nowThere()
  const rows = rowsOf(nodes, query, now)
  const counts = countsOf(nodes, now)
  return (
    <>
      <Title order={1} mb="sm">
        {t('facilities.title')}
      </Title>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      <Group mb="sm" align="flex-end" gap="sm">
        <TextInput
          label={t('facilities.search')}
          placeholder={t('facilities.searchHint')}
          leftSection={<IconSearch size={18} />}
          value={query.text}
          onChange={({ currentTarget }) => change({ text: currentTarget.value })}
          type="search"
          style={{ flex: '1 1 260px' }}
        />
        <Select
          label={t('facilities.show')}
          value={query.standing ?? 'all'}
          onChange={(value) => change({ standing: STANDINGS.find((standing) => standing === value) })}
          data={[
            { value: 'all', label: `${t('facilities.all')} (${nodes.length})` },
            ...STANDINGS.map((standing: Standing) => ({
              value: standing,
              label: `${t(`facilities.standing.${standing}`)} (${counts[standing]})`,
            })),
          ]}
          allowDeselect={false}
          w={220}
        />
      </Group>
      {data && nodes.length === 0 && <Text>{t('facilities.none')}</Text>}
      {data && nodes.length > 0 && rows.length === 0 && <Text role="status">{t('facilities.noneFound')}</Text>}
      {rows.length > 0 && (
        <FacilitiesTable
          nodes={rows.slice(query.page * ON_A_PAGE, (query.page + 1) * ON_A_PAGE)}
          column={query.column}
          isDescending={query.isDescending}
          onSort={(column) => change({ column, isDescending: column === query.column && !query.isDescending })}
        />
      )}
      <Pager page={query.page} size={ON_A_PAGE} count={rows.length} onPage={(page) => change({ page })} />
    </>
  )
}
