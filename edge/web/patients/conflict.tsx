import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { Bundle, Provenance } from 'fhir/r4'
import { useTranslation } from 'react-i18next'
import { ask } from '../../../web-kit/ask'
import type { Meanwhile } from './meanwhile'
import type { Field, PatientForm } from './patient-form'

/** What somebody else has made of a patient while the form was open: which of the two is right, a person says. */
export function Conflict({
  meanwhile,
  who,
  form,
  onTake,
}: {
  meanwhile: readonly Meanwhile[]
  who?: string | undefined
  form: PatientForm
  onTake: (field: Field, value: string) => void
}) {
  const { t } = useTranslation()
  const shown = (field: Field, value: string) =>
    value === '' ? t('patients.conflict.empty') : field === 'sex' ? t(`patients.${value}`) : value
  return (
    <Alert
      role="alert"
      color="yellow"
      styles={{ title: { color: 'var(--mantine-color-text)' } }}
      icon={<IconAlertTriangle />}
      title={who ? t('patients.conflict.titleBy', { who }) : t('patients.conflict.title')}
    >
      <Text size="sm">{t('patients.conflict.hint')}</Text>
      {meanwhile.length === 0 && <Text size="sm">{t('patients.conflict.nothing')}</Text>}
      <Stack gap="xs" mt="xs">
        {meanwhile.map(({ field, before, theirs, isBoth }) => (
          <Group key={field} gap="xs">
            <Text size="sm" fw={600}>
              {t('patients.conflict.became', {
                field: t(`patients.${field}`),
                before: shown(field, before),
                theirs: shown(field, theirs),
              })}
            </Text>
            {isBoth && form[field] !== theirs && (
              <>
                <Text size="sm">{t('patients.conflict.both', { ours: shown(field, form[field]) })}</Text>
                <Button size="xs" variant="default" onClick={() => onTake(field, theirs)}>
                  {t('patients.conflict.take', { theirs: shown(field, theirs) })}
                </Button>
              </>
            )}
          </Group>
        ))}
      </Stack>
    </Alert>
  )
}

/** As the patient's newest Provenance says it; it is only told, so what can't be read is left out. */
export async function whoChanged(mrn: string): Promise<string | undefined> {
  try {
    const { entry = [] } = await ask<Bundle<Provenance>>(`/fhir/Provenance?patient=${mrn}&_count=500`)
    const [newest] = entry
      .flatMap(({ resource }) => resource ?? [])
      .filter(({ target }) => target.some(({ reference }) => reference === `Patient/${mrn}`))
      .sort((a, b) => (a.recorded < b.recorded ? 1 : -1))
    return newest?.agent[0]?.who.display
  } catch {
    return undefined
  }
}
