import { createHash } from 'node:crypto'
import type { HumanName, Patient } from 'fhir/r4'

/**
 * What a patient is found by, as texts in the order of LevelDB:
 *
 *     name=armstrong   family=armstrong   given=alberto   birthdate=2002-12-16   gender=male
 *     link=10100000042␁
 *     identifier=999-87-6016␁http://hl7.org/fhir/sid/us-ssn   telecom=5553932687␁phone
 *
 * A token's value stands before its system, so that it is found with the system and without it.
 */
export type TermKind = 'name' | 'family' | 'given' | 'birthdate' | 'gender' | 'identifier' | 'telecom' | 'link'

/** Between a value and its system; `plain` lets it into no value. */
export const BEFORE_SYSTEM = '\u0001'

/** A patient with more than this is found by the first ones. */
const MAX_TERMS = 200
/** Longer values go into the index as their hash. */
const MAX_VALUE_LENGTH = 120

export function term(kind: TermKind, value: string): string {
  return `${kind}=${value}`
}

export function tokenTerm(kind: TermKind, value: string, system: string | undefined): string {
  return term(kind, `${plain(value)}${BEFORE_SYSTEM}${plain(system ?? '')}`)
}

export function termsOf(patient: Patient): string[] {
  const terms = new Set<string>()
  for (const name of patient.name ?? []) {
    for (const word of wordsOf([name.text, name.family, ...partsOf(name)])) terms.add(term('name', word))
    for (const word of wordsOf([name.family])) terms.add(term('family', word))
    for (const word of wordsOf(name.given ?? [])) terms.add(term('given', word))
  }
  if (patient.birthDate !== undefined) terms.add(term('birthdate', plain(patient.birthDate)))
  if (patient.gender !== undefined) terms.add(tokenTerm('gender', patient.gender, undefined))
  for (const { value, system } of patient.identifier ?? []) {
    if (value !== undefined) terms.add(tokenTerm('identifier', value, system))
  }
  for (const { value, system } of patient.telecom ?? []) {
    if (value !== undefined) terms.add(tokenTerm('telecom', telecomOf(value), system))
  }
  for (const { other } of patient.link ?? []) {
    const [, mrn] = /^Patient\/([^/]+)$/.exec(other?.reference ?? '') ?? []
    if (mrn !== undefined) terms.add(tokenTerm('link', mrn, undefined))
  }
  return [...terms].slice(0, MAX_TERMS)
}

/**
 * The words of a name without case, accents and punctuation: `Søren O'Neill-Ståhl` is soren, o, neill, stahl.
 */
export function wordsOf(texts: readonly (string | undefined | null)[]): string[] {
  return texts
    .flatMap((text) => separable(folded(text ?? '')).match(/[\p{L}\p{N}\ufffd]+/gu) ?? [])
    .map((word) => word.slice(0, MAX_VALUE_LENGTH))
}

/** A number by its digits, an address of any other kind in lower case. */
export function telecomOf(value: string): string {
  return /[a-z@]/i.test(value) ? value.trim().toLowerCase() : value.replace(/[^0-9]/g, '')
}

/** Letters that Unicode does not take apart into a base and a mark. */
const UNDIVIDED: Readonly<Record<string, string>> = { ß: 'ss', ø: 'o', ł: 'l', đ: 'd', æ: 'ae', œ: 'oe', ı: 'i' }

function folded(text: string): string {
  const base = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\p{M}/gu, '')
  return base.replace(/[ßøłđæœı]/g, (letter) => UNDIVIDED[letter] ?? letter)
}

function partsOf(name: HumanName): string[] {
  return [...(name.given ?? []), ...(name.prefix ?? []), ...(name.suffix ?? [])]
}

/** A value as it stands in a term. Searched values pass through it too. */
export function plain(value: string): string {
  const text = separable(value)
  return text.length > MAX_VALUE_LENGTH ? createHash('sha256').update(text).digest('hex') : text
}

/**
 * Without control characters, which separate the parts of a key, and without what UTF-16 writes as surrogates: up to
 * there JavaScript and LevelDB sort alike.
 */
function separable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\u{10000}-\u{10ffff}]/gu, '\ufffd')
}
