import type { Patient } from 'fhir/r4'
import type { PatientSummary } from '../../schemas/generated/types'
import type { StoredDocument } from '../store/ehr'
import { wordsOf } from '../store/patient-terms'
import { soundOf } from './name-sound'

/** What is kept of a patient to be found, and to be taken out of the lists again. */
export interface FoundPatient {
  summary: PatientSummary
  /** Of all names. */
  words: string[]
  /** National numbers, without 0 or +62. */
  phones: string[]
  identifiers: string[]
}

/** A patient in a list: enough to say whether a question fits, without reading anything else. */
export interface Line {
  words: readonly string[]
  birthDate: string
}

const MOST_WORDS = 12
const MOST_NUMBERS = 6
const MOST_LETTERS = 200
/** A name stands in the lists of its first letters, up to so many of them. */
export const MOST_LIST_LETTERS = 5

/** The names of the lists. Each kind begins with a character of its own, which is in no value. */
export const listOf = {
  everybody: () => '*',
  letters: (beginning: string) => `a${beginning}`,
  /** A day, a month or a year. */
  born: (date: string) => `d${date}`,
  phone: (digits: string) => `p${digits}`,
  identifier: (value: string) => `i${value}`,
} as const

export function foundPatientOf(document: StoredDocument): FoundPatient {
  const patient = document.resource as Patient
  const names = (patient.name ?? []).map((name) =>
    [
      name.text,
      ...(name.text === undefined ? [...(name.given ?? []), name.family] : [name.family, ...(name.given ?? [])]),
    ]
      .filter(Boolean)
      .join(' '),
  )
  return {
    summary: summaryOf(patient, document),
    words: [...new Set([...wordsOf(names), ...wordsOf(names.map(withoutMarks))])].slice(0, MOST_WORDS),
    phones: valuesOf(patient.telecom?.filter(({ system }) => system !== 'email')).map(nationalNumber),
    identifiers: valuesOf(patient.identifier).map((value) => value.toLowerCase()),
  }
}

/** The lists that a patient stands in. */
export function listsOf({ summary, words, phones, identifiers }: FoundPatient): string[] {
  const { birthDate } = summary
  return [
    listOf.everybody(),
    ...new Set(
      words
        .flatMap((word) => [word, soundOf(word)])
        .flatMap(beginningsOf)
        .map(listOf.letters),
    ),
    ...(birthDate === undefined ? [] : [4, 7, 10].filter((end) => birthDate.length >= end)).map((end) =>
      listOf.born((birthDate ?? '').slice(0, end)),
    ),
    ...phones.filter((digits) => digits !== '').map(listOf.phone),
    ...identifiers.map(listOf.identifier),
  ]
}

/** `+62 812-3456`, `0812 3456` and `628123456` are one number. */
export function nationalNumber(text: string): string {
  return text.replace(/[^0-9]/g, '').replace(/^(?:62|0)+/, '')
}

export function lineText({ words, summary }: FoundPatient): string {
  return `${words.join(' ')}|${summary.birthDate ?? ''}`
}

export function lineOf(text: string): Line {
  const bar = text.lastIndexOf('|')
  return { words: text.slice(0, bar).split(' '), birthDate: text.slice(bar + 1) }
}

const LATEST_MS = 36 ** 9 - 1

/** Behind the list's name in a key: newest first, and then by MRN. */
export function placeIn({ summary }: FoundPatient): string {
  const ms = Math.max(0, Date.parse(summary.changedAt) || 0)
  return `${(LATEST_MS - ms).toString(36).padStart(9, '0')}${summary.mrn}`
}

export function mrnAt(place: string): string {
  return place.slice(9)
}

function summaryOf(patient: Patient, { mrn, imported, recordedAt }: StoredDocument): PatientSummary {
  const { birthDate, gender, address, contact } = patient
  const phone = patient.telecom?.find(({ system }) => system === 'phone')?.value
  const mother = contact?.find(({ relationship }) =>
    relationship?.some(({ coding }) => coding?.some(({ code }) => code === 'MTH')),
  )?.name
  const identifier = (patient.identifier?.find(({ system }) => system?.endsWith('/nik')) ?? patient.identifier?.[0])
    ?.value
  const place = address?.[0]
  const written = place?.text ?? [...(place?.line ?? []), place?.city].filter(Boolean).join(', ')
  return {
    mrn: mrn ?? patient.id ?? '',
    name: nameOf(patient.name ?? []),
    ...(birthDate !== undefined && { birthDate }),
    ...(gender !== undefined && { sex: gender }),
    ...(phone !== undefined && { phone: phone.slice(0, 50) }),
    ...(written !== '' && { address: written.slice(0, MOST_LETTERS) }),
    ...(mother && { mother: nameOf([mother]) }),
    ...(identifier !== undefined && { identifier: identifier.slice(0, 100) }),
    ...((patient.deceasedBoolean || patient.deceasedDateTime) && { isDeceased: true }),
    ...(imported && { copyOf: imported.facility }),
    changedAt: imported?.importedAt ?? recordedAt,
  }
}

/** As people are called: the official name, else the first. */
function nameOf(names: NonNullable<Patient['name']>): string {
  const chosen = names.find(({ use }) => use === 'official') ?? names[0]
  const name = chosen?.text ?? [...(chosen?.given ?? []), chosen?.family].filter(Boolean).join(' ')
  return name.slice(0, MOST_LETTERS)
}

function valuesOf(items: readonly { value?: string | undefined }[] = []): string[] {
  const values = items.flatMap(({ value }) => (value === undefined || value.length > 100 ? [] : [value]))
  return [...new Set(values)].slice(0, MOST_NUMBERS)
}

/** Nur'aini is also Nuraini. */
function withoutMarks(name: string): string {
  return name.replace(/['’‘`ʼ-]/g, '')
}

function beginningsOf(word: string): string[] {
  return Array.from({ length: Math.min(word.length, MOST_LIST_LETTERS) }, (_, index) => word.slice(0, index + 1))
}
