import { Anchor, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Bundle, Patient } from 'fhir/r4'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { owns } from '../../../protocol/owns'
import { ask } from '../../../web-kit/ask'
import { localMoment } from '../../../web-kit/local-form'
import { originOf } from '../patient/origin'
import { nameOf } from '../patients/name-of'

/** Undefined where there is none; searched by `_id`, since a 404 is an error in a browser. */
export function usePatient(mrn: string) {
  return useQuery({
    queryKey: ['patients', 'one', mrn],
    queryFn: async ({ signal }) => {
      const { entry } = await ask<Bundle<Patient>>(`/fhir/Patient?_id=${mrn}`, { signal })
      return entry?.[0]?.resource ?? null
    },
  })
}

/** That nothing need be brought: the patient is this facility's, or the record is here. */
export function KnownRecord({ mrn, externalId }: { mrn: string; externalId: string | undefined }) {
  const { t, i18n } = useTranslation()
  const { data: patient } = usePatient(mrn)
  const isOwn = externalId !== undefined && owns(externalId, mrn)
  if (!patient && !isOwn) return null
  const origin = patient ? originOf(patient) : undefined
  const at = origin?.kind === 'imported' && origin.at ? localMoment(origin.at, i18n.language, new Date()) : '–'
  return (
    <Text size="sm" role="status">
      {t(isOwn ? 'imports.own' : 'imports.here', { at })}{' '}
      {patient && (
        <Anchor component={Link} to={`/patients/${mrn}`} size="sm">
          {`${t('imports.open')}: ${nameOf(patient)}`}
        </Anchor>
      )}
    </Text>
  )
}
