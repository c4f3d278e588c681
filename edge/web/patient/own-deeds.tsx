import { Button, Group } from '@mantine/core'
import { IconCards, IconPencil, IconPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

/** What can be done about a patient of this facility. */
export function OwnDeeds({ mrn }: { mrn: string }) {
  const { t } = useTranslation()
  return (
    <Group gap="xs">
      <Button
        component={Link}
        to={`/patients/${mrn}/edit`}
        variant="default"
        leftSection={<IconPencil size={18} aria-hidden="true" />}
      >
        {t('patient.details')}
      </Button>
      <Button
        component={Link}
        to={`/patients/${mrn}/card`}
        variant="default"
        leftSection={<IconCards size={18} aria-hidden="true" />}
      >
        {t('patient.card')}
      </Button>
      <Button component={Link} to={`/patients/${mrn}/visit`} leftSection={<IconPlus size={18} aria-hidden="true" />}>
        {t('patient.newVisit')}
      </Button>
    </Group>
  )
}
