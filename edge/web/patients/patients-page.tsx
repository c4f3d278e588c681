import { Badge, Button, Group, Loader, Text, TextInput, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch, IconUserPlus } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { type KeyboardEvent, memo, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { PatientList, PatientSummary } from '../../../schemas/generated/types'
import { ask } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { Born } from './born'
import './patients.css'

const TYPING_MS = 120

export function PatientsPage() {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const [text] = useDebouncedValue(typed.trim(), TYPING_MS)
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetching } = useInfiniteQuery({
    queryKey: ['patients', text],
    queryFn: ({ signal, pageParam }) =>
      ask<PatientList>(`/app/patients?${new URLSearchParams({ text, ...(pageParam && { cursor: pageParam }) })}`, {
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  })
  const patients = useMemo(() => distinct(data?.pages.flatMap((page) => page.patients) ?? []), [data])
  const list = useRef<HTMLUListElement>(null)
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <Group justify="space-between" mb="md">
        <Title order={1}>{t('patients.title')}</Title>
        <Button component={Link} to="/patients/new" leftSection={<IconUserPlus size={20} aria-hidden="true" />}>
          {t('patients.register')}
        </Button>
      </Group>
      <search>
        <TextInput
          ref={input}
          size="md"
          type="search"
          label={t('patients.search')}
          description={t('patients.searchHint')}
          leftSection={<IconSearch size={20} aria-hidden="true" />}
          rightSection={isFetching && <Loader size="xs" aria-hidden="true" />}
          value={typed}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowDown' && event.key !== 'Enter') return
            const first = list.current?.querySelector('a')
            event.preventDefault()
            if (event.key === 'ArrowDown') first?.focus()
            // What is shown may still be the answer to fewer letters.
            else if (text === typed.trim() && !isFetching) first?.click()
          }}
          autoFocus
          autoComplete="off"
          maxLength={200}
          mb="md"
        />
      </search>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data && (
        <Text size="sm" className="kit-quiet" role="status" mb={4}>
          {patients.length > 0
            ? t(text === '' ? 'patients.recent' : 'patients.found')
            : t(text === '' ? 'patients.nobodyYet' : 'patients.none', { text })}
        </Text>
      )}
      {patients.length > 0 && (
        <ul
          ref={list}
          className="patients-list kit-surface"
          onKeyDown={(event) => walk(event, list.current, input.current)}
        >
          {patients.map((patient) => (
            <li key={patient.mrn}>
              <Row patient={patient} />
            </li>
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Button variant="light" mt="md" loading={isFetching} onClick={() => void fetchNextPage()}>
          {t('patients.more')}
        </Button>
      )}
    </>
  )
}

/** Drawn anew only with another patient in it: a letter typed or a flag of the query changes none of fifty. */
const Row = memo(function Row({ patient }: { patient: PatientSummary }) {
  const { t } = useTranslation()
  const { mrn, name, birthDate, sex, phone, copyOf, isDeceased } = patient
  return (
    <Link to={`/patients/${mrn}`} className="patients-row">
      <span>
        <span className="patients-name">{name || '–'}</span>{' '}
        {copyOf !== undefined && (
          <Badge variant="light" color="gray" size="sm" tt="none">
            {t('patients.copyOf', { facility: copyOf })}
          </Badge>
        )}
        {isDeceased && (
          <Badge variant="light" color="gray" size="sm" tt="none">
            {t('patients.deceased')}
          </Badge>
        )}
      </span>
      <span className="patients-mrn">{mrn}</span>
      <span>
        <Born birthDate={birthDate} />
      </span>
      <span>{sex && t(`patients.${sex}`)}</span>
      <span className="patients-phone kit-quiet">{phone}</span>
    </Link>
  )
})

/** Up from the first one is the field. */
function walk(event: KeyboardEvent, list: HTMLUListElement | null, input: HTMLInputElement | null): void {
  const links = [...(list?.querySelectorAll('a') ?? [])]
  const at = links.indexOf(document.activeElement as HTMLAnchorElement)
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key]
  if (to === undefined || at === -1) return
  event.preventDefault()
  if (to < 0) input?.focus()
  else links[to]?.focus()
}

/** Who is changed while the pages are read may stand on two of them. */
function distinct(patients: readonly PatientSummary[]): PatientSummary[] {
  return [...new Map(patients.map((patient) => [patient.mrn, patient])).values()]
}
