import type { DuplicateList, DuplicateRequest, PatientSummary } from '../../schemas/generated/types'
import { nationalNumber } from '../patients/found-patient'
import { LEVELS, TypedWord } from '../patients/name-levels'
import { wordsOf } from '../store/patient-terms'

export type Matched = DuplicateList['candidates'][number]['matched'][number]

export interface Score {
  /** 0 to 100. */
  score: number
  matched: Matched[]
}

/** Shown before saving, side by side. From LIKELY on it is said more clearly. */
export const POSSIBLE = 50
export const LIKELY = 75

/** What the same or another one of each tells; together, what is the same comes to 100. */
const POINTS = {
  name: 45,
  birthDate: 35,
  /** A year or a month alone that agrees, day and month in each other's place, one digit wrong. */
  birthDateAlike: 20,
  birthDateOther: -15,
  sex: 5,
  sexOther: -15,
  phone: 15,
  /** Nobody shares a NIK: who has it, is it, however the name is written. */
  identifier: 90,
  identifierOther: -20,
} as const

/** How much of a name's points a word gets by the level at which it fits. */
const SHARES: Readonly<Record<number, number>> = {
  [LEVELS.exact]: 1,
  [LEVELS.begins]: 0.6,
  [LEVELS.sounds]: 0.9,
  [LEVELS.oneOff]: 0.75,
}
/** Of the words of the longer name: as much as one more word than the other one has takes away. */
const MISSING_WORD = 0.15
const NAME_ALIKE = 0.5
const NAME_SAME = 0.99
const LONGEST_NAME = 6
const SHORTEST_PHONE = 5

type Part = [points: number, matched?: Matched]

/**
 * How likely somebody who is about to be registered is a patient already. What is not known on one side tells nothing. A parent's
 * phone and birth date that agree make no duplicate without a name that is alike.
 */
export function scoreOf(entered: DuplicateRequest, patient: PatientSummary): Score {
  const name = nameShare(entered.name, patient.name)
  const parts: Part[] = [
    nameOf(name),
    birthDateOf(entered.birthDate, patient.birthDate),
    sexOf(entered.sex, patient.sex),
    phoneOf(entered.phone, patient.phone),
    identifierOf(entered.identifier, patient.identifier),
  ]
  const sum = parts.reduce((total, [points]) => total + points, 0)
  const matched = parts.flatMap(([, one]) => one ?? [])
  const isSomebodyElse = name < NAME_ALIKE && !matched.includes('identifier')
  const score = Math.max(0, Math.min(100, sum))
  return { score: isSomebodyElse ? Math.min(score, POSSIBLE - 1) : score, matched }
}

/** 1 for the same words in any order, 0 for nothing in common. */
export function nameShare(one: string, other: string): number {
  const [a, b] = [distinctWords(one), distinctWords(other)]
  const shorter = Math.min(a.length, b.length)
  if (shorter === 0) return 0
  // The best pairs first, each word in one of them; ties are settled alike whoever is compared with whom.
  const pairs = a
    .flatMap((word) =>
      b.map((match) => ({ word, match, share: wordShare(word, match), tie: [word, match].sort().join() })),
    )
    .filter(({ share }) => share > 0)
    .sort((x, y) => y.share - x.share || (x.tie < y.tie ? -1 : 1))
  const [used, taken] = [new Set<string>(), new Set<string>()]
  let sum = 0
  for (const { word, match, share } of pairs) {
    if (used.has(word) || taken.has(match)) continue
    used.add(word)
    taken.add(match)
    sum += share
  }
  return Math.max(0, sum / shorter - Math.abs(a.length - b.length) * MISSING_WORD)
}

/** In both directions, as either may be the beginning of the other. */
function wordShare(one: string, other: string): number {
  const level = Math.min(new TypedWord(one).levelOf(other), new TypedWord(other).levelOf(one))
  return SHARES[level] ?? 0
}

function nameOf(share: number): Part {
  const points = Math.round(POINTS.name * share)
  if (share < NAME_ALIKE) return [points]
  return [points, share >= NAME_SAME ? 'name' : 'nameAlike']
}

function birthDateOf(entered: string | undefined, known: string | undefined): Part {
  if (!entered || !known) return [0]
  if (entered === known && entered.length === 10) return [POINTS.birthDate, 'birthDate']
  const isPart = entered.startsWith(known) || known.startsWith(entered)
  if (isPart || isSwapped(entered, known) || isOneDigitOff(entered, known))
    return [POINTS.birthDateAlike, 'birthDateAlike']
  return [POINTS.birthDateOther]
}

function isSwapped(one: string, other: string): boolean {
  const [year, month, day] = one.split('-')
  return day !== undefined && other === `${year}-${day}-${month}`
}

function isOneDigitOff(one: string, other: string): boolean {
  return one.length === other.length && [...one].filter((digit, index) => digit !== other[index]).length === 1
}

function sexOf(entered: PatientSummary['sex'], known: PatientSummary['sex']): Part {
  if (!entered || !known || entered === 'unknown' || known === 'unknown') return [0]
  return entered === known ? [POINTS.sex, 'sex'] : [POINTS.sexOther]
}

function identifierOf(entered: string | undefined, known: string | undefined): Part {
  const [a, b] = [entered?.trim().toLowerCase(), known?.trim().toLowerCase()]
  if (!a || !b) return [0]
  return a === b ? [POINTS.identifier, 'identifier'] : [POINTS.identifierOther]
}

function phoneOf(entered: string | undefined, known: string | undefined): Part {
  const digits = nationalNumber(entered ?? '')
  return digits.length >= SHORTEST_PHONE && digits === nationalNumber(known ?? '') ? [POINTS.phone, 'phone'] : [0]
}

function distinctWords(name: string): string[] {
  return [...new Set(wordsOf([name]))].sort().slice(0, LONGEST_NAME)
}
