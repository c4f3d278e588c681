import { Badge, Button, Group, Text, Title } from '@mantine/core'
import { IconArrowLeft, IconCheck } from '@tabler/icons-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { DuplicateList } from '../../../schemas/generated/types'
import { Born } from './born'
import { birthDateOf, type Field, type PatientForm } from './patient-form'

type Candidate = DuplicateList['candidates'][number]
type Matched = Candidate['matched'][number]

/** What speaks for a field, and how much. */
const MARKS: Partial<Record<Field, { same: Matched; alike?: Matched }>> = {
  name: { same: 'name', alike: 'nameAlike' },
  born: { same: 'birthDate', alike: 'birthDateAlike' },
  sex: { same: 'sex' },
  phone: { same: 'phone' },
  nik: { same: 'identifier' },
}

export interface DuplicatesViewProps {
  readonly form: PatientForm
  readonly candidates: readonly Candidate[]
  readonly isBusy: boolean
  onIs(mrn: string): void
  onAnother(): void
  onBack(): void
}

/** What was typed beside whom it might be. Escape goes back. */
export function DuplicatesView({ form, candidates, isBusy, onIs, onAnother, onBack }: DuplicatesViewProps) {
  const { t } = useTranslation()
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => title.current?.focus(), [])
  const entered: Partial<Record<Field, ReactNode>> = {
    ...form,
    sex: form.sex && t(`patients.${form.sex}`),
    born: <Born birthDate={birthDateOf(form.born, new Date())} />,
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape is a short cut for a button that is there
    <div onKeyDown={({ key }) => key === 'Escape' && onBack()}>
      <Title order={1} ref={title} tabIndex={-1} style={{ outline: 'none' }}>
        {t('patients.duplicate.title')}
      </Title>
      <Text mb="md">{t('patients.duplicate.hint')}</Text>
      <div className="patients-compare">
        <section className="kit-surface" style={{ padding: 'var(--mantine-spacing-md)', borderStyle: 'dashed' }}>
          <Text fw={650} mb="sm">
            {t('patients.duplicate.entered')}
          </Text>
          <Facts facts={entered} matched={[]} />
        </section>
        {candidates.map(({ patient, likelihood, matched }) => (
          <section
            key={patient.mrn}
            className="kit-surface"
            aria-label={patient.name}
            style={{ padding: 'var(--mantine-spacing-md)', display: 'flex', flexDirection: 'column' }}
          >
            <Group justify="space-between" mb="sm" gap="xs">
              <span className="patients-mrn">{patient.mrn}</span>
              <Badge
                {...(likelihood === 'likely' ? { color: 'orange.4', c: 'dark.9' } : { variant: 'default' })}
                tt="none"
                size="lg"
              >
                {t(`patients.duplicate.${likelihood}`)}
              </Badge>
            </Group>
            <Facts
              matched={matched}
              facts={{
                name: patient.name,
                sex: patient.sex && t(`patients.${patient.sex}`),
                born: <Born birthDate={patient.birthDate} />,
                phone: patient.phone,
                address: patient.address,
                mother: patient.mother,
                nik: patient.identifier,
              }}
            />
            <Button
              mt="auto"
              variant="light"
              disabled={isBusy}
              onClick={() => onIs(patient.mrn)}
              aria-label={`${t('patients.duplicate.itIs')}: ${patient.name}, ${patient.mrn}`}
              leftSection={<IconCheck size={18} aria-hidden="true" />}
            >
              {t('patients.duplicate.itIs')}
            </Button>
          </section>
        ))}
      </div>
      <Group mt="lg">
        <Button
          variant="default"
          size="md"
          onClick={onBack}
          disabled={isBusy}
          leftSection={<IconArrowLeft size={18} aria-hidden="true" />}
        >
          {t('patients.duplicate.change')}
        </Button>
        <Button size="md" onClick={onAnother} loading={isBusy}>
          {t('patients.duplicate.another')}
        </Button>
      </Group>
    </div>
  )
}

const SHOWN: readonly Field[] = ['name', 'sex', 'born', 'phone', 'address', 'mother', 'nik']

function Facts({ facts, matched }: { facts: Partial<Record<Field, ReactNode>>; matched: readonly Matched[] }) {
  const { t } = useTranslation()
  return (
    <dl style={{ marginBottom: 'var(--mantine-spacing-md)' }}>
      {SHOWN.map((field) => {
        const { same, alike } = MARKS[field] ?? {}
        const mark = same && matched.includes(same) ? 'same' : alike && matched.includes(alike) ? 'alike' : undefined
        return [
          <Text component="dt" size="sm" className="kit-quiet" key={`${field} is`}>
            {t(`patients.${field}`)}
          </Text>,
          <Text component="dd" key={field} fw={mark ? 650 : 400}>
            {facts[field] || '–'}
            {mark && (
              <Badge ml={6} size="sm" variant={mark === 'same' ? 'light' : 'default'} tt="none">
                {t(`patients.duplicate.${mark}`)}
              </Badge>
            )}
          </Text>,
        ]
      })}
    </dl>
  )
}
