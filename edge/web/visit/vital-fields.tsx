import { useTranslation } from 'react-i18next'
import type { VisitForm } from './visit-form'
import type { Change } from './visit-page'
import { VitalField } from './vital-field'
import { VITAL_NAMES } from './vital-signs'

export interface VitalFieldsProps {
  readonly form: VisitForm
  readonly change: Change
  readonly years: number | undefined
  /** Somebody wants to save. */
  readonly isAsked: boolean
}

export function VitalFields({ form: { vitals, sure }, change, years, isAsked }: VitalFieldsProps) {
  const { t } = useTranslation()
  const isHalf = !vitals.systolic?.trim() !== !vitals.diastolic?.trim()
  return (
    <div className="visit-vitals">
      {VITAL_NAMES.map((name) => {
        const value = vitals[name] ?? ''
        const isPressure = name === 'systolic' || name === 'diastolic'
        return (
          <VitalField
            key={name}
            name={name}
            label={t(`patient.vital.${name}`)}
            value={value}
            years={years}
            isSure={sure[name] === value}
            isAsked={isAsked}
            lacks={isAsked && isHalf && isPressure ? t('visit.halfPressure') : undefined}
            onChange={(typed) => change((before) => ({ vitals: { ...before.vitals, [name]: typed } }))}
            onSure={() => change((before) => ({ sure: { ...before.sure, [name]: value } }))}
          />
        )
      })}
    </div>
  )
}
