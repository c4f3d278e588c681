import { Button, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { localNumber } from '../../../web-kit/local-form'
import { plausibilityOf, VITAL_SIGNS, type VitalName } from './vital-signs'

export interface VitalFieldProps {
  readonly name: VitalName
  readonly label: string
  readonly value: string
  /** The patient's age. */
  readonly years: number | undefined
  /** Somebody has said that this value, however unusual, is so. */
  readonly isSure: boolean
  /** Somebody wants to save. */
  readonly isAsked: boolean
  /** What is missing where nothing is typed. */
  readonly lacks?: string | undefined
  readonly onChange: (value: string) => void
  readonly onSure: () => void
}

/** A value is looked at when its field is left: while it is typed, "1" of "120" is not a mistake yet. */
export function VitalField(props: VitalFieldProps) {
  const { name, label, value, years, isSure, isAsked, lacks, onChange, onSure } = props
  const { t, i18n } = useTranslation()
  const [isTyping, setTyping] = useState(false)
  const seen = value.trim() === '' || (isTyping && !isAsked) ? undefined : plausibilityOf(name, value, years)
  const isOpen = seen?.kind === 'unusual' && !isSure
  const limits =
    seen && 'least' in seen
      ? { least: localNumber(seen.least, i18n.language), most: localNumber(seen.most, i18n.language) }
      : {}
  const error =
    (seen?.kind === 'noNumber' && t('visit.noNumber')) ||
    (seen?.kind === 'impossible' && t('visit.impossible', limits)) ||
    (isOpen && t('visit.unusual', limits)) ||
    (value.trim() === '' && lacks)
  return (
    <div>
      <TextInput
        label={label}
        inputMode="decimal"
        maxLength={7}
        value={value}
        error={error}
        rightSection={
          <Text size="sm" className="kit-quiet">
            {VITAL_SIGNS[name].unit}
          </Text>
        }
        rightSectionWidth={60}
        rightSectionPointerEvents="none"
        onFocus={() => setTyping(true)}
        onBlur={() => setTyping(false)}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
      {isOpen && (
        <Button mt={4} size="compact-sm" variant="light" onClick={onSure}>
          {t('visit.itIsSo')}
        </Button>
      )}
      {seen?.kind === 'unusual' && isSure && (
        <Text size="xs" className="kit-quiet">
          {t('visit.sure')}
        </Text>
      )}
    </div>
  )
}
