import type { Identifier, Patient } from 'fhir/r4'
import { localDay, writtenDate } from '../../../protocol/written-date'
import { nameOf } from './name-of'

/** As it is typed: texts, so that nothing is lost that is not right yet. */
export interface PatientForm {
  name: string
  sex: '' | 'female' | 'male' | 'other' | 'unknown'
  /** A birth date in any usual form, or an age. */
  born: string
  phone: string
  address: string
  mother: string
  nik: string
}

export type Field = keyof PatientForm

export const EMPTY_FORM: PatientForm = { name: '', sex: '', born: '', phone: '', address: '', mother: '', nik: '' }
export const FIELDS = Object.keys(EMPTY_FORM) as Field[]

/** https://fhir.kemkes.go.id */
const NIK_SYSTEM = 'https://fhir.kemkes.go.id/id/nik'
const MOTHER = { system: 'http://terminology.hl7.org/CodeSystem/v3-RoleCode', code: 'MTH' }
const OLDEST = 130

/** What is wrong with each field, as the end of a key of words. */
export type Problems = Partial<
  Record<Field, 'nameMissing' | 'sexMissing' | 'bornMissing' | 'bornWrong' | 'phoneWrong' | 'nikWrong'>
>

export function problemsOf(form: PatientForm, today: Date): Problems {
  const { name, sex, born, phone, nik } = form
  const phoneDigits = phone.replace(/[^0-9]/g, '').length
  return {
    ...(!/\p{L}/u.test(name) && { name: 'nameMissing' as const }),
    ...(sex === '' && { sex: 'sexMissing' as const }),
    ...(born.trim() === ''
      ? { born: 'bornMissing' as const }
      : birthDateOf(born, today) === undefined && { born: 'bornWrong' as const }),
    ...(phone.trim() !== '' &&
      (phoneDigits < 6 || phoneDigits > 15 || /[^-+0-9(). ]/.test(phone)) && { phone: 'phoneWrong' as const }),
    ...(nik.trim() !== '' && nik.replace(/[ .-]/g, '').search(/^[0-9]{16}$/) < 0 && { nik: 'nikWrong' as const }),
  }
}

/**
 * `12-5-1980`, `12 Mei 1980`, `1980`, and ages: `46`, `46 th`, `46 years` are the year of birth, `8 bulan` and `8 months` the month.
 * Undefined for what is none of them.
 */
export function birthDateOf(text: string, today: Date): string | undefined {
  const [, count = '', unit = ''] = /^(\d{1,3}) *([a-z]*)\.?$/i.exec(text.trim()) ?? []
  if (count === '') return writtenDate(text, today)
  if (/^(b|bl|bln|bulan|m|mo|mos|months?)$/i.test(unit)) {
    const month = new Date(today.getFullYear(), today.getMonth() - Number(count), 1)
    return localDay(month).slice(0, 7)
  }
  const isYears = /^(|t|th|thn|tahun|y|yr|yrs|years?)$/i.test(unit)
  return isYears && Number(count) <= OLDEST ? String(today.getFullYear() - Number(count)) : undefined
}

/** A new patient, or the one that is there with what the form says; what the form does not show stays as it is. */
export function patientOf(form: PatientForm, today: Date, before?: Patient): Patient {
  const was = before ? formOf(before) : EMPTY_FORM
  const has = (field: Field) => form[field].trim() !== was[field].trim()
  const patient: Patient = before ? { ...before } : { resourceType: 'Patient', active: true }
  if (has('name')) {
    const [first, ...others] = officialFirst(before)
    // The parts of the old name are not those of the new one.
    patient.name = [{ use: first?.use ?? 'official', text: form.name.trim().replace(/\s+/g, ' ') }, ...others]
  }
  if (has('sex') && form.sex !== '') patient.gender = form.sex
  const birthDate = has('born') ? birthDateOf(form.born, today) : undefined
  if (birthDate !== undefined) patient.birthDate = birthDate
  if (has('phone')) {
    const others = (before?.telecom ?? []).filter((one) => one !== phoneIn(before))
    put(patient, 'telecom', [...valued({ system: 'phone' as const, value: form.phone.trim() }), ...others])
  }
  if (has('address')) {
    const [first, ...others] = before?.address ?? []
    const line = form.address.trim()
    put(patient, 'address', [
      ...(line === '' ? [] : [{ ...(first?.use && { use: first.use }), text: line }]),
      ...others,
    ])
  }
  if (has('mother')) {
    const others = (before?.contact ?? []).filter((one) => one !== motherIn(before))
    const text = form.mother.trim()
    const mother = { relationship: [{ coding: [MOTHER] }], name: { text } }
    put(patient, 'contact', [...(text === '' ? [] : [mother]), ...others])
  }
  if (has('nik')) {
    const others = (before?.identifier ?? []).filter((one) => one !== nikIn(before))
    const value = form.nik.replace(/[ .-]/g, '')
    put(patient, 'identifier', [...valued({ system: NIK_SYSTEM, value }), ...others])
  }
  return patient
}

export function formOf(patient: Patient): PatientForm {
  const place = patient.address?.[0]
  const mother = motherIn(patient)?.name
  return {
    name: patient.name?.length ? nameOf(patient) : '',
    sex: patient.gender ?? '',
    // 12-05-1980, as it is typed.
    born: (patient.birthDate ?? '').split('-').reverse().join('-'),
    phone: phoneIn(patient)?.value ?? '',
    address: place?.text ?? [...(place?.line ?? []), place?.city].filter(Boolean).join(', '),
    mother: mother ? nameOf({ name: [mother] }) : '',
    nik: nikIn(patient)?.value ?? '',
  }
}

function officialFirst(patient: Patient | undefined) {
  const names = patient?.name ?? []
  const official = names.find(({ use }) => use === 'official') ?? names[0]
  return official ? [official, ...names.filter((name) => name !== official)] : []
}

function phoneIn(patient: Patient | undefined) {
  return patient?.telecom?.find(({ system }) => system === 'phone')
}

function motherIn(patient: Patient | undefined) {
  return patient?.contact?.find(({ relationship }) =>
    relationship?.some(({ coding }) => coding?.some(({ code }) => code === MOTHER.code)),
  )
}

function nikIn(patient: Patient | undefined): Identifier | undefined {
  return patient?.identifier?.find(({ system }) => system === NIK_SYSTEM)
}

function valued<T extends { value: string }>(item: T): T[] {
  return item.value === '' ? [] : [item]
}

/** FHIR knows no empty lists. */
function put<K extends 'telecom' | 'address' | 'contact' | 'identifier'>(
  patient: Patient,
  key: K,
  items: NonNullable<Patient[K]>,
): void {
  if (items.length > 0) patient[key] = items
  else delete patient[key]
}
