import { writtenDate } from '../../protocol/written-date'
import { wordsOf } from '../store/patient-terms'

/** What was typed into one field. */
export type Question =
  | { kind: 'everybody' }
  /** An MRN or a part of it, a phone number, another number that the patient has; some are a birth date as well. */
  | { kind: 'number'; digits: string; born?: string }
  | { kind: 'born'; born: string }
  | { kind: 'named'; words: string[]; born?: string }

const MOST_TYPED_WORDS = 6

/**
 * What somebody means by a text: `sri les`, `12-5-1980`, `10100000018`, `0812 34`, `sri 1980`, `sri lestari 12 mei 1980`. Letters
 * and digits in one word, like `101A0000018` where a facility's ID has letters, are a number.
 */
export function questionOf(text: string, today: Date): Question {
  const typed = text.trim().replace(/\s+/g, ' ')
  if (typed === '') return { kind: 'everybody' }
  const born = writtenDate(typed, today)
  const isNumber = /^\+?[0-9][-0-9(). ]*$/.test(typed) || /^[A-Z0-9]{2,12}[0-9]{3,8}$/i.test(typed)
  const isDateOnly = born !== undefined && /[^0-9]/.test(typed)
  if (isNumber && !isDateOnly)
    return { kind: 'number', digits: typed.replace(/[^0-9A-Za-z]/g, ''), ...(born && { born }) }
  if (born) return { kind: 'born', born }
  const words = typed.split(' ')
  // A date stands behind the name, as short or long as it is written.
  for (let from = 1; from < words.length; from++) {
    const born = writtenDate(words.slice(from).join(' '), today)
    if (born) return named(words.slice(0, from), born)
  }
  return named(words)
}

function named(texts: readonly string[], born?: string): Question {
  const words = [...new Set(wordsOf(texts))].slice(0, MOST_TYPED_WORDS)
  if (words.length === 0) return { kind: 'named', words: ['\ufffd'] }
  return { kind: 'named', words, ...(born && { born }) }
}
