import { Button, Group, Text } from '@mantine/core'
import { IconIdBadge2, IconPencil, IconPlus } from '@tabler/icons-react'
import type { Patient } from 'fhir/r4'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { formOf } from '../patients/patient-form'
import { useSession } from '../session/use-session'

/** What can be done for a patient whose record is ours. */
export function PatientDeeds({ patient: { id } }: { patient: Patient }) {
  const { t } = useTranslation()
  const { may } = useSession()
  return (
    <Group gap="xs" className="kit-no-print">
      <Button
        component={Link}
        to={`/patients/${id}/card`}
        variant="default"
        leftSection={<IconIdBadge2 size={18} aria-hidden="true" />}
      >
        {t('patients.card')}
      </Button>
      <Button
        component={Link}
        to={`/patients/${id}/edit`}
        variant="default"
        leftSection={<IconPencil size={18} aria-hidden="true" />}
      >
        {t('patients.edit')}
      </Button>
      {may('clinical') && (
        <Button component={Link} to={`/patients/${id}/visit`} leftSection={<IconPlus size={18} aria-hidden="true" />}>
          {t('patient.newVisit')}
        </Button>
      )}
    </Group>
  )
}

/** Who the patient is: all that the registration sees. */
export function PatientDetails({ patient }: { patient: Patient }) {
  const { t } = useTranslation()
  const form = formOf(patient)
  return (
    <dl className="kit-surface patient-details">
      {(['phone', 'address', 'mother', 'nik'] as const).map((field) => (
        <div key={field}>
          <Text component="dt" size="sm" className="kit-quiet">
            {t(`patients.${field}`)}
          </Text>
          <Text component="dd" m={0} style={{ overflowWrap: 'anywhere' }}>
            {form[field] || '–'}
          </Text>
        </div>
      ))}
    </dl>
  )
}
