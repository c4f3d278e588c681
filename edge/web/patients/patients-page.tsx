import { Table, Text, TextInput, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { Bundle, Patient } from 'fhir/r4'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { localDate } from '../../../web-kit/local-form'
import { nameOf } from './name-of'
import { searchQuery } from './search-query'

const TYPING_MS = 150
const SHOWN = 25

export function PatientsPage() {
  const { t, i18n } = useTranslation()
  const [typed, setTyped] = useState('')
  const [text] = useDebouncedValue(typed, TYPING_MS)
  const { data, error, refetch } = useQuery({
    queryKey: ['patients', text],
    queryFn: ({ signal }) => ask<Bundle<Patient>>(`/fhir/Patient?${searchQuery(text)}&_count=${SHOWN}`, { signal }),
    placeholderData: keepPreviousData,
  })
  const patients = (data?.entry ?? []).flatMap(({ resource }) => resource ?? [])
  return (
    <>
      <Title order={1} mb="md">
        {t('patients.title')}
      </Title>
      <TextInput
        size="md"
        label={t('patients.search')}
        description={t('patients.searchHint')}
        leftSection={<IconSearch size={20} />}
        value={typed}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        autoComplete="off"
        mb="md"
      />
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data && patients.length === 0 && <Text className="kit-quiet">{t('patients.none')}</Text>}
      {patients.length > 0 && (
        <Table.ScrollContainer minWidth={480} className="kit-surface">
          <Table highlightOnHover verticalSpacing="sm" horizontalSpacing="md">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('patients.name')}</Table.Th>
                <Table.Th>{t('patients.mrn')}</Table.Th>
                <Table.Th>{t('patients.born')}</Table.Th>
                <Table.Th>{t('patients.sex')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {patients.map((patient) => (
                <Table.Tr key={patient.id}>
                  <Table.Td fw={600}>{nameOf(patient)}</Table.Td>
                  <Table.Td ff="monospace">{patient.id}</Table.Td>
                  <Table.Td>{patient.birthDate ? localDate(patient.birthDate, i18n.language) : '–'}</Table.Td>
                  <Table.Td>{t(`patients.${patient.gender ?? 'unknown'}`)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </>
  )
}
