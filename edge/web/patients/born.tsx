import { useTranslation } from 'react-i18next'
import { localDate } from '../../../web-kit/local-form'
import { ageOf } from '../patient/age'
import './patients.css'

/** A birth date, and how old that is. */
export function Born({ birthDate }: { birthDate: string | undefined }) {
  const { t, i18n } = useTranslation()
  const age = ageOf(birthDate, new Date())
  if (birthDate === undefined) return '–'
  return (
    <>
      {localDate(birthDate, i18n.language)}
      {age && (
        <span className="patients-age kit-quiet">{` · ${t(`patient.age.${age.unit}`, { count: age.count })}`}</span>
      )}
    </>
  )
}
