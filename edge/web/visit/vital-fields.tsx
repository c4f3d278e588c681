import { Button, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { localNumber } from '../../../web-kit/local-form'
import type { VisitForm } from './visit-form'
import type { Change } from './visit-page'
import { plausibilityOf, VITAL_NAMES, VITAL_SIGNS, type VitalName } from './vital-signs'

export interface VitalFieldsProps {
  readonly form: VisitForm
  readonly change: Change
  readonly years: number | undefined
  /** Somebody wants to save. */
  readonly isAsked: boolean
}

/** A value is looked at when its field is left: while it is typed, "1" of "120" is not a mistake yet. */
export function VitalFields({ form, change, years, isAsked }: VitalFieldsProps) {
  const { t, i18n } = useTranslation()
  const [typing, setTyping] = useState<VitalName | undefined>()
  const isHalf = !form.vitals.systolic?.trim() !== !form.vitals.diastolic?.trim()
  return (
    <div className="visit-vitals">
      {VITAL_NAMES.map((name) => {
        const typed = form.vitals[name] ?? ''
        const seen =
          typed.trim() === '' || (typing === name && !isAsked) ? undefined : plausibilityOf(name, typed, years)
        const isSure = seen?.kind === 'unusual' && form.sure[name] === typed
        const limits =
          seen && 'least' in seen
            ? { least: localNumber(seen.least, i18n.language), most: localNumber(seen.most, i18n.language) }
            : {}
        const lacksOther = isAsked && isHalf && (name === 'systolic' || name === 'diastolic') && typed.trim() === ''
        const error =
          (seen?.kind === 'noNumber' && t('visit.noNumber')) ||
          (seen?.kind === 'impossible' && t('visit.impossible', limits)) ||
          (seen?.kind === 'unusual' && !isSure && t('visit.unusual', limits)) ||
          (lacksOther && t('visit.halfPressure'))
        return (
          <div key={name}>
            <TextInput
              label={t(`patient.vital.${name}`)}
              inputMode="decimal"
              maxLength={7}
              value={typed}
              error={error}
              rightSection={
                <Text size="sm" className="kit-quiet">
                  {VITAL_SIGNS[name].unit}
                </Text>
              }
              rightSectionWidth={60}
              rightSectionPointerEvents="none"
              onFocus={() => setTyping(name)}
              onBlur={() => setTyping(undefined)}
              onChange={({ currentTarget: { value } }) =>
                change(({ vitals }) => ({ vitals: { ...vitals, [name]: value } }))
              }
            />
            {seen?.kind === 'unusual' && !isSure && (
              <Button
                mt={4}
                size="compact-sm"
                variant="light"
                onClick={() => change(({ sure }) => ({ sure: { ...sure, [name]: typed } }))}
              >
                {t('visit.itIsSo')}
              </Button>
            )}
            {isSure && (
              <Text size="xs" className="kit-quiet">
                {t('visit.sure')}
              </Text>
            )}
          </div>
        )
      })}
    </div>
  )
}
