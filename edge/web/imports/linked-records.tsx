import { Anchor, Button, Group, Text } from '@mantine/core'
import { IconFilePlus, IconLink, IconRefresh } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { Bundle, Patient } from 'fhir/r4'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { ask } from '../../../web-kit/ask'
import { originOf } from '../patient/origin'
import { nameOf } from '../patients/name-of'
import { useSession } from '../session/use-session'
import './imports.css'
import { usePatient } from './known-record'
import { linkedMrns } from './local-file'

/** Patients here who say that this record is the same person's. */
export function useLinking(mrn: string) {
  return useQuery({
    queryKey: ['patients', 'linking', mrn],
    queryFn: async ({ signal }) => {
      const { entry = [] } = await ask<Bundle<Patient>>(`/fhir/Patient?link=Patient/${mrn}`, { signal })
      return entry.flatMap(({ resource }) => resource ?? [])
    },
  })
}

/** The same person's other records, whichever of the two names the other. */
export function LinkedRecords({ patient }: { patient: Patient }) {
  const { t } = useTranslation()
  const { data: linking = [] } = useLinking(patient.id ?? '')
  const mrns = [...new Set([...linkedMrns(patient), ...linking.flatMap(({ id }) => id ?? [])])]
  if (mrns.length === 0) return null
  return (
    <Group gap={8} wrap="nowrap" align="flex-start">
      <IconLink size={18} aria-hidden="true" style={{ flex: 'none', marginTop: 2 }} />
      <Text size="sm" fw={600}>
        {t('imports.record.linked')}:
      </Text>
      <ul className="imports-linked">
        {mrns.map((mrn) => (
          <LinkedRecord key={mrn} mrn={mrn} />
        ))}
      </ul>
    </Group>
  )
}

function LinkedRecord({ mrn }: { mrn: string }) {
  const { t } = useTranslation()
  const { data: patient } = usePatient(mrn)
  if (patient === undefined) return null
  const origin = patient && originOf(patient)
  return (
    <li>
      <Text size="sm">
        {patient ? (
          <Anchor component={Link} to={`/patients/${mrn}`} size="sm">
            {nameOf(patient)}, <span style={{ fontFamily: 'var(--mantine-font-family-monospace)' }}>{mrn}</span>
          </Anchor>
        ) : (
          <span style={{ fontFamily: 'var(--mantine-font-family-monospace)' }}>{mrn}</span>
        )}
        {` · ${
          origin?.kind === 'imported'
            ? t('imports.record.from', { facility: origin.facility })
            : t(patient ? 'imports.record.here' : 'imports.record.notHere')
        } `}
        {!patient && (
          <Anchor component={Link} to={`/bring?mrn=${mrn}`} size="sm">
            {t('imports.record.bring')}
          </Anchor>
        )}
      </Text>
    </li>
  )
}

/** What can be done about a patient whose record is a copy. */
export function CopyDeeds({ mrn }: { mrn: string }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const { data: linking } = useLinking(mrn)
  const local = linking?.find((patient) => originOf(patient).kind === 'own')
  return (
    <Group gap="xs">
      {may('clinical') && (
        <Button
          component={Link}
          to={`/bring?mrn=${mrn}`}
          variant="default"
          leftSection={<IconRefresh size={18} aria-hidden="true" />}
        >
          {t('imports.record.bringAgain')}
        </Button>
      )}
      {local ? (
        <Button component={Link} to={`/patients/${local.id}`}>
          {t('imports.record.toLocal', { mrn: local.id })}
        </Button>
      ) : (
        <Button
          component={Link}
          to={`/patients/${mrn}/local-file`}
          disabled={linking === undefined}
          leftSection={<IconFilePlus size={18} aria-hidden="true" />}
        >
          {t('imports.record.openLocal')}
        </Button>
      )}
    </Group>
  )
}
