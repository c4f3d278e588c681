import { Alert, Anchor, Center, Loader } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { Patient } from 'fhir/r4'
import { useTranslation } from 'react-i18next'
import { Link, Navigate, useParams } from 'react-router'
import { ask } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { originOf } from '../patient/origin'
import { formOf, patientOf } from '../patients/patient-form'
import { RegisterForm } from '../patients/register-page'
import { useLinking } from './linked-records'
import { localFileOf } from './local-file'

/** A file of this facility's own for a patient who was brought here: what is known stands in the form already. */
export function LocalFilePage() {
  const { mrn = '' } = useParams()
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery({
    queryKey: ['local-file', mrn],
    queryFn: async ({ signal }) => {
      const brought = await ask<Patient>(`/fhir/Patient/${mrn}`, { signal })
      const file = localFileOf(brought)
      return { brought, file, form: formOf(file) }
    },
    // The form begins with it, and does not begin anew while it is typed into.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  const { data: linking } = useLinking(mrn)
  const local = linking?.find((patient) => originOf(patient).kind === 'own')
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />
  if (!data) {
    return (
      <Center p="xl">
        <Loader aria-label={t('frame.loading')} />
      </Center>
    )
  }
  if (originOf(data.brought).kind === 'own') return <Navigate to={`/patients/${mrn}`} replace />
  return (
    <RegisterForm
      draftId={`patients.of.${mrn}`}
      empty={data.form}
      title={t('imports.local.title')}
      hint={t('imports.local.hint', { mrn })}
      back={{ to: `/patients/${mrn}`, label: t('imports.local.back', { mrn }) }}
      except={mrn}
      make={(form, today) => patientOf(form, today, data.file)}
      note={
        local && (
          <Alert color="yellow" icon={<IconInfoCircle />} mb="md" role="status">
            {t('imports.local.exists')}{' '}
            <Anchor component={Link} to={`/patients/${local.id}`}>
              {t('imports.record.toLocal', { mrn: local.id })}
            </Anchor>
          </Alert>
        )
      }
    />
  )
}
