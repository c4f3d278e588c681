import { Group, Radio, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { localDate } from '../../../web-kit/local-form'
import { birthDateOf, type Field, type PatientForm, type Problems } from './patient-form'

const SEXES = ['female', 'male', 'other', 'unknown'] as const

export interface PatientFieldsProps {
  readonly form: PatientForm
  readonly problems: Problems
  onChange(field: Field, value: string): void
  onLeave?(): void
}

export const fieldId = (field: Field) => `patient-${field}`

/** The fields of registering and of editing. */
export function PatientFields({ form, problems, onChange, onLeave }: PatientFieldsProps) {
  const { t, i18n } = useTranslation()
  const today = new Date()
  const born = form.born.trim() === '' ? undefined : birthDateOf(form.born, today)
  const text = (field: Field, more: object = {}) => {
    const problem = problems[field]
    return (
      <TextInput
        id={fieldId(field)}
        size="md"
        label={t(`patients.${field}`)}
        value={form[field]}
        onChange={({ currentTarget }) => onChange(field, currentTarget.value)}
        onBlur={() => onLeave?.()}
        error={problem && t(`patients.problem.${problem}`)}
        autoComplete="off"
        maxLength={200}
        {...more}
      />
    )
  }
  return (
    <Stack gap="md">
      {text('name', {
        autoFocus: true,
        withAsterisk: true,
        'aria-required': true,
        description: t('patients.nameHint'),
      })}
      <Radio.Group
        label={t('patients.sex')}
        size="md"
        withAsterisk
        value={form.sex}
        onChange={(value) => onChange('sex', value)}
        error={problems.sex && t(`patients.problem.${problems.sex}`)}
      >
        <Group gap="lg" my={6}>
          {SEXES.map((sex, index) => (
            <Radio
              key={sex}
              {...(index === 0 && { id: fieldId('sex') })}
              value={sex}
              label={t(`patients.${sex}`)}
              onBlur={() => onLeave?.()}
            />
          ))}
        </Group>
      </Radio.Group>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <div>
          {text('born', {
            label: t('patients.bornLabel'),
            withAsterisk: true,
            'aria-required': true,
            description: t('patients.bornHint'),
          })}
          <Text size="sm" className="kit-quiet" role="status" mih={22} mt={2}>
            {born && t('patients.bornMeant', { date: localDate(born, i18n.language) })}
          </Text>
        </div>
        {text('phone', { type: 'tel', inputMode: 'tel', description: t('patients.optional') })}
      </SimpleGrid>
      {text('address', { description: t('patients.optional') })}
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {text('mother', { description: t('patients.optional') })}
        {text('nik', { inputMode: 'numeric', description: t('patients.optional') })}
      </SimpleGrid>
    </Stack>
  )
}

/** To the first field that is not right. */
export function focusFirst(problems: Problems): void {
  const [first] = Object.keys(problems) as Field[]
  if (first) document.getElementById(fieldId(first))?.focus()
}
