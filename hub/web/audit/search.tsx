import { Button, Group, Select, SimpleGrid, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { Failure } from '../../../web-kit/failure'
import { EntryTable } from './entry-table'
import { ExportButtons } from './export-buttons'
import { type AuditFilters, filtersIn, queryOf, saidOf } from './filters'
import { useAudit } from './use-audit'

const KINDS = [
  'import',
  'registration',
  'node',
  'data-access',
  'consent-review',
  'sign-in',
  'operator',
  'configuration',
  'push',
  'look',
  'chain',
] as const

/** Every entry that the filters mean, the newest first; the filters stand in the address. */
export function Search() {
  const { t } = useTranslation()
  const [params, setParams] = useSearchParams()
  const asked = filtersIn(params)
  const [filters, setFilters] = useState(asked)
  const query = queryOf(asked)
  const audit = useAudit(query)
  const entries = audit.data?.pages.flatMap((page) => page.entries) ?? []
  const set = (part: Partial<AuditFilters>) => setFilters((before) => ({ ...before, ...part }))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setParams(saidOf(filters))
    void audit.refetch()
  }
  const text = (name: 'mrn' | 'node' | 'operator', hint?: string) => (
    <TextInput
      label={t(`audit.${name}`)}
      value={filters[name]}
      onChange={({ currentTarget }) => set({ [name]: currentTarget.value })}
      autoComplete="off"
      {...(hint !== undefined && { placeholder: hint })}
    />
  )
  const day = (name: 'from' | 'to') => (
    <TextInput
      type="date"
      label={t(`audit.${name}`)}
      value={filters[name]}
      onChange={({ currentTarget }) => set({ [name]: currentTarget.value })}
    />
  )
  return (
    <>
      <form onSubmit={submit}>
        <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="sm" verticalSpacing="xs">
          {text('mrn')}
          {text('node', '101')}
          {text('operator')}
          <Select
            label={t('audit.kindLabel')}
            value={filters.kind === '' ? null : filters.kind}
            onChange={(kind) => set({ kind: kind ?? '' })}
            data={KINDS.map((value) => ({ value, label: t(`audit.kind.${value}`) }))}
            placeholder={t('audit.any')}
            clearable
          />
          {day('from')}
          {day('to')}
          <Select
            label={t('audit.outcomeLabel')}
            value={filters.outcome === '' ? null : filters.outcome}
            onChange={(outcome) => set({ outcome: outcome ?? '' })}
            data={(['allowed', 'refused'] as const).map((value) => ({ value, label: t(`audit.outcome.${value}`) }))}
            placeholder={t('audit.any')}
            clearable
          />
          <Button type="submit" style={{ alignSelf: 'end' }}>
            {t('audit.search')}
          </Button>
        </SimpleGrid>
      </form>
      <Group justify="space-between" my="sm" mih={36}>
        <Text role="status" className="kit-quiet">
          {audit.isSuccess && t(audit.hasNextPage ? 'audit.foundMore' : 'audit.found', { count: entries.length })}
        </Text>
        <ExportButtons query={query} />
      </Group>
      {audit.error && <Failure error={audit.error} onRetry={() => void audit.refetch()} />}
      {entries.length > 0 && <EntryTable entries={entries} />}
      {audit.hasNextPage && (
        <Button mt="sm" variant="default" loading={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
          {t('frame.more')}
        </Button>
      )}
    </>
  )
}
