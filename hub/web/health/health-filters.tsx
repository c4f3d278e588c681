import { Button, Group, Select, SimpleGrid, Switch, Text, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { NodeSummary, Statistics } from '../../../schemas/generated/types'
import { hasGroups, MEASURES, PLACES, type StatisticsQuery } from './statistics-query'

interface HealthFiltersProps {
  readonly query: StatisticsQuery
  readonly nodes: readonly NodeSummary[]
  /** What the hub answered last, for the days that it counts by itself. */
  readonly data: Statistics | undefined
  /** What the group is that is asked for. */
  readonly groupLabel: string
  readonly onChange: (part: Partial<StatisticsQuery>) => void
}

/** What is counted, by what, of whom and when. */
export function HealthFilters({ query, nodes, data, groupLabel, onChange }: HealthFiltersProps) {
  const { t } = useTranslation()
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 5 }} spacing="sm" verticalSpacing="xs" mb="sm">
        <Select
          label={t('health.measure')}
          value={query.measure}
          // A group is one of this measure.
          onChange={(value) => onChange({ measure: MEASURES.find((one) => one === value) ?? 'visits', group: '' })}
          data={MEASURES.map((value) => ({ value, label: t(`health.of.${value}`) }))}
          allowDeselect={false}
        />
        <Select
          label={t('health.by')}
          value={query.by}
          onChange={(value) => onChange({ by: PLACES.find((one) => one === value) ?? 'week' })}
          data={PLACES.filter((place) => place !== 'group' || hasGroups(query.measure)).map((value) => ({
            value,
            label: t(value === 'group' ? `health.place.group.${query.measure}` : `health.place.${value}`),
          }))}
          allowDeselect={false}
        />
        <Select
          label={t('health.facility')}
          value={query.facility === '' ? null : query.facility}
          onChange={(value) => onChange({ facility: value ?? '' })}
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
            onChange={({ currentTarget }) => onChange({ [name]: currentTarget.value })}
          />
        ))}
      </SimpleGrid>
      <Group gap="md" mb="sm" mih={26}>
        {query.by !== 'week' && (
          <Switch
            label={t('health.weekly')}
            checked={query.isWeekly}
            onChange={({ currentTarget }) => onChange({ isWeekly: currentTarget.checked })}
          />
        )}
        {query.group !== '' && (
          <Group gap="xs">
            <Text fw={600}>{t('health.only', { what: groupLabel })}</Text>
            <Button variant="default" size="compact-sm" onClick={() => onChange({ group: '', by: 'group' })}>
              {t('health.anyGroup')}
            </Button>
          </Group>
        )}
      </Group>
    </>
  )
}
