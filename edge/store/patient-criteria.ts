import { BEFORE_SYSTEM, plain, telecomOf, term, tokenTerm, wordsOf } from './patient-terms'

/** From `from` up to, and without, `to`. */
export interface TermRange {
  from: string
  to: string
}

/** One condition of a search. A patient who matches has a term in one of the ranges. */
export interface Criterion {
  ranges: readonly TermRange[]
  matches(terms: readonly string[]): boolean
}

/** Sorts after every character of a term, and in every name of the index. */
const LAST = '\uffff'

/** Every word of one of the texts begins a word of the patient's. */
export function wordsCriterion(kind: 'name' | 'family' | 'given', texts: readonly string[]): Criterion {
  const alternatives = texts
    .map((text) => wordsOf([text]).map((word) => beginning(term(kind, word))))
    .filter((words) => words.length > 0)
  return {
    // The longest word is the rarest, as a rule.
    ranges: alternatives.flatMap((words) => [...words].sort((a, b) => b.from.length - a.from.length).slice(0, 1)),
    matches: (terms) => alternatives.some((words) => words.every((word) => terms.some((one) => isIn(word, one)))),
  }
}

/** One of the values, each with its system, without any (`''`), or with whichever (undefined). */
export function tokenCriterion(
  kind: 'identifier' | 'telecom' | 'gender' | 'link',
  tokens: readonly { value: string; system: string | undefined }[],
): Criterion {
  const ranges = tokens.map(({ value, system }) => {
    const searched = kind === 'telecom' ? telecomOf(value) : value
    return system === undefined
      ? beginning(term(kind, `${plain(searched)}${BEFORE_SYSTEM}`))
      : exactly(tokenTerm(kind, searched, system))
  })
  return anyOf(ranges)
}

/**
 * Birth dates between two days, as far as the index can tell: `accepts` decides about each one.
 *
 * @param least  a date, or the beginning of one; undefined for no limit
 */
export function birthDateCriterion(
  least: string | undefined,
  most: string | undefined,
  accepts: (birthDate: string) => boolean,
): Criterion {
  // A birth date can be a year alone, which sorts before its months: the year of the limit is as far as keys help.
  const range = {
    from: term('birthdate', least?.slice(0, 4) ?? ''),
    to: term('birthdate', `${most ?? ''}${LAST}`),
  }
  const start = term('birthdate', '').length
  return {
    ranges: [range],
    matches: (terms) => terms.some((one) => isIn(range, one) && accepts(one.slice(start))),
  }
}

/** In order, and without overlaps, so that a walk through them meets no term twice. */
export function inOrder(ranges: readonly TermRange[]): TermRange[] {
  const merged: TermRange[] = []
  for (const range of [...ranges].sort((a, b) => (a.from < b.from ? -1 : 1))) {
    const last = merged.at(-1)
    if (last && range.from <= last.to) {
      if (range.to > last.to) last.to = range.to
    } else merged.push({ ...range })
  }
  return merged
}

export function isIn(range: TermRange, text: string): boolean {
  return range.from <= text && text < range.to
}

function anyOf(ranges: readonly TermRange[]): Criterion {
  return { ranges, matches: (terms) => terms.some((one) => ranges.some((range) => isIn(range, one))) }
}

function beginning(text: string): TermRange {
  return { from: text, to: `${text}${LAST}` }
}

function exactly(text: string): TermRange {
  return { from: text, to: `${text}${BEFORE_SYSTEM}` }
}
