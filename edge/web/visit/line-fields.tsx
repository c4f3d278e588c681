import { ActionIcon, Alert, Autocomplete, Button, Checkbox, Stack, TextInput } from '@mantine/core'
import { IconAlertTriangle, IconPlus, IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { AllergyMeeting } from './allergy-check'
import { MEDICINE_NAMES } from './medicines'
import { VACCINE_NAMES } from './vaccines'
import type { Obstacle, VisitForm } from './visit-form'
import type { Change } from './visit-page'

const MOST_SUGGESTED = 8

interface FieldsProps {
  readonly form: VisitForm
  readonly change: Change
  readonly obstacles: readonly Obstacle[]
}

const isNameless = (obstacles: readonly Obstacle[], line: string) =>
  obstacles.some((one) => one.kind === 'nameless' && one.key === line)

export function PrescriptionFields({
  form,
  change,
  meeting,
  obstacles,
}: FieldsProps & { meeting: (medicine: string) => AllergyMeeting | undefined }) {
  const { t } = useTranslation()
  const lines = linesOf('prescriptions', change, { medicine: '', dosage: '', because: '' })
  return (
    <Stack gap="sm">
      {form.prescriptions.map(({ key, medicine, dosage, because }) => {
        const met = medicine.trim() === '' ? undefined : meeting(medicine)
        const isAsked = obstacles.some((one) => one.kind === 'allergy' && one.key === key)
        return (
          <div key={key} className="visit-line">
            <Autocomplete
              label={t('visit.medicine')}
              data={MEDICINE_NAMES}
              limit={MOST_SUGGESTED}
              maxLength={200}
              value={medicine}
              error={isNameless(obstacles, key) && t('visit.nameless.medicine')}
              onChange={(value) => lines.change(key, { medicine: value })}
            />
            <TextInput
              label={t('visit.dosage')}
              placeholder={t('visit.dosageHint')}
              maxLength={500}
              value={dosage}
              onChange={({ currentTarget: { value } }) => lines.change(key, { dosage: value })}
            />
            <Remove title={medicine || t('visit.medicine')} onClick={() => lines.remove(key)} />
            {met && (
              <Alert
                role="alert"
                className="visit-whole"
                color={met.kind === 'related' ? 'yellow' : 'red'}
                icon={<IconAlertTriangle />}
                title={t(`visit.meets.${met.kind}`, { allergy: met.allergy })}
              >
                <TextInput
                  label={t('visit.because')}
                  maxLength={300}
                  value={because}
                  error={isAsked && t('visit.becauseMissing')}
                  onChange={({ currentTarget: { value } }) => lines.change(key, { because: value })}
                />
              </Alert>
            )}
          </div>
        )
      })}
      <Add onClick={lines.add}>{t('visit.addPrescription')}</Add>
    </Stack>
  )
}

export function ImmunizationFields({ form, change, obstacles }: FieldsProps) {
  const { t } = useTranslation()
  const lines = linesOf('immunizations', change, { vaccine: '', batch: '' })
  return (
    <Stack gap="sm">
      {form.immunizations.map(({ key, vaccine, batch }) => (
        <div key={key} className="visit-line">
          <Autocomplete
            label={t('visit.vaccine')}
            data={VACCINE_NAMES}
            limit={MOST_SUGGESTED}
            maxLength={200}
            value={vaccine}
            error={isNameless(obstacles, key) && t('visit.nameless.vaccine')}
            onChange={(value) => lines.change(key, { vaccine: value })}
          />
          <TextInput
            label={t('visit.batch')}
            maxLength={60}
            value={batch}
            onChange={({ currentTarget: { value } }) => lines.change(key, { batch: value })}
          />
          <Remove title={vaccine || t('visit.vaccine')} onClick={() => lines.remove(key)} />
        </div>
      ))}
      <Add onClick={lines.add}>{t('visit.addImmunization')}</Add>
    </Stack>
  )
}

export function AllergyFields({ form, change, obstacles }: FieldsProps) {
  const { t } = useTranslation()
  const lines = linesOf('allergies', change, { substance: '', reaction: '', isSevere: false })
  return (
    <Stack gap="sm">
      {form.allergies.map(({ key, substance, reaction, isSevere }) => (
        <div key={key} className="visit-line">
          <TextInput
            label={t('visit.substance')}
            maxLength={200}
            value={substance}
            error={isNameless(obstacles, key) && t('visit.nameless.substance')}
            onChange={({ currentTarget: { value } }) => lines.change(key, { substance: value })}
          />
          <TextInput
            label={t('visit.reaction')}
            maxLength={300}
            value={reaction}
            onChange={({ currentTarget: { value } }) => lines.change(key, { reaction: value })}
          />
          <Remove title={substance || t('visit.substance')} onClick={() => lines.remove(key)} />
          <Checkbox
            className="visit-whole"
            label={t('visit.severe')}
            checked={isSevere}
            onChange={({ currentTarget: { checked } }) => lines.change(key, { isSevere: checked })}
          />
        </div>
      ))}
      <Add onClick={lines.add}>{t('visit.addAllergy')}</Add>
    </Stack>
  )
}

function Add({ children, onClick }: { children: ReactNode; onClick: () => void }) {
  return (
    <div>
      <Button variant="light" leftSection={<IconPlus size={18} aria-hidden="true" />} onClick={onClick}>
        {children}
      </Button>
    </div>
  )
}

function Remove({ title, onClick }: { title: string; onClick: () => void }) {
  const { t } = useTranslation()
  return (
    <ActionIcon variant="subtle" color="gray" size={36} aria-label={t('visit.remove', { title })} onClick={onClick}>
      <IconX size={20} />
    </ActionIcon>
  )
}

type Lines = 'prescriptions' | 'immunizations' | 'allergies'

/** What can be done to one of the form's lists. */
function linesOf<N extends Lines>(name: N, change: Change, empty: Omit<VisitForm[N][number], 'key'>) {
  const set = (make: (lines: readonly VisitForm[N][number][]) => readonly unknown[]) =>
    change((before) => ({ [name]: make(before[name]) }))
  return {
    add: () => set((lines) => [...lines, { key: crypto.getRandomValues(new Uint32Array(1)).join(), ...empty }]),
    remove: (key: string) => set((lines) => lines.filter((line) => line.key !== key)),
    change: (key: string, part: Partial<VisitForm[N][number]>) =>
      set((lines) => lines.map((line) => (line.key === key ? { ...line, ...part } : line))),
  }
}
