import { Group, Select, Text, TextInput, Title } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { nowThere } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { Pager } from '../../../web-kit/pager'
import { useNodes } from '../registrations/use-registrations'
import './facilities.css'
import { FacilitiesTable } from './facilities-table'
import { countsOf, NUMBERS, rowsOf, SHOWN, STANDINGS } from './facility-table'
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
          value={query.shown ?? 'all'}
          onChange={(value) => change({ shown: SHOWN.find((one) => one === value) })}
          data={[
            { value: 'all', label: `${t('facilities.all')} (${nodes.length})` },
            ...SHOWN.map((value) => ({
              value,
              label: `${t(`facilities.${(STANDINGS as readonly string[]).includes(value) ? 'standing' : 'trouble'}.${value}`)} (${counts.get(value)})`,
            })),
          ]}
          allowDeselect={false}
          w={260}
        />
      </Group>
      {data && nodes.length === 0 && <Text>{t('facilities.none')}</Text>}
      {data && nodes.length > 0 && rows.length === 0 && <Text role="status">{t('facilities.noneFound')}</Text>}
      {rows.length > 0 && (
        <FacilitiesTable
          nodes={rows.slice(query.page * ON_A_PAGE, (query.page + 1) * ON_A_PAGE)}
          column={query.column}
          isDescending={query.isDescending}
          onSort={(column) => {
            const isAgain = column === query.column
            change({ column, isDescending: isAgain ? !query.isDescending : NUMBERS.includes(column) })
          }}
        />
      )}
      <Pager page={query.page} size={ON_A_PAGE} count={rows.length} onPage={(page) => change({ page })} />
    </>
  )
}
