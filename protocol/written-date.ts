/** A birth date as far as it is known: a day, a month or a year, in FHIR's form: `1980-05-12`, `1980-05`, `1980`. */
export type WrittenDate = string

/** The months in Indonesian and English; whoever writes three letters of one means it. */
const MONTHS = [
  ['januari', 'january'],
  ['februari', 'february', 'pebruari'],
  ['maret', 'march'],
  ['april'],
  ['mei', 'may'],
  ['juni', 'june'],
  ['juli', 'july'],
  ['agustus', 'august', 'agt', 'ags'],
  ['september'],
  ['oktober', 'october'],
  ['november', 'nopember'],
  ['desember', 'december'],
] as const

const FIRST_YEAR = 1880

/**
 * A birth date as people write it, day before month: `12-5-1980`, `12/05/80`, `12 Mei 1980`, `12051980`, `mei 1980`, `5/1980`,
 * `1980`, and ISO's `1980-05-12`. Undefined for whatever is no date, or one after `today`.
 */
export function writtenDate(text: string, today: Date): WrittenDate | undefined {
  const cleaned = text.trim().toLowerCase()
  const parts =
    dayFirst(cleaned, today) ??
    isoOrder(cleaned) ??
    named(cleaned, today) ??
    monthAndYear(cleaned) ??
    yearAlone(cleaned)
  if (!parts) return undefined
  const { year, month, day } = parts
  if (year < FIRST_YEAR || (month !== undefined && (month < 1 || month > 12))) return undefined
  if (day !== undefined && (day < 1 || day > daysIn(year, month ?? 1))) return undefined
  const date = [String(year), ...[month, day].flatMap((one) => (one === undefined ? [] : [two(one)]))].join('-')
  return date > localDay(today).slice(0, date.length) ? undefined : date
}

/** The day where this computer stands. */
export function localDay(at: Date): string {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

interface Parts {
  year: number
  month?: number
  day?: number
}

function dayFirst(text: string, today: Date): Parts | undefined {
  const [, day, month, year] =
    /^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})$/.exec(text) ?? /^(\d{2})(\d{2})(\d{4})$/.exec(text) ?? []
  return day && month && year ? { day: Number(day), month: Number(month), year: fullYear(year, today) } : undefined
}

function isoOrder(text: string): Parts | undefined {
  const [, year, month, day] = /^(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?$/.exec(text) ?? []
  if (!year || !month) return undefined
  return { year: Number(year), month: Number(month), ...(day && { day: Number(day) }) }
}

function named(text: string, today: Date): Parts | undefined {
  const [, day, name = '', year] = /^(?:(\d{1,2})[-/. ]*)?([a-z]{3,9})\.?[-/. ]*(\d{4}|\d{2})$/.exec(text) ?? []
  const month = MONTHS.findIndex((names) => names.some((one) => one.startsWith(name) && name.length >= 3)) + 1
  if (!year || month === 0) return undefined
  return { year: fullYear(year, today), month, ...(day && { day: Number(day) }) }
}

function monthAndYear(text: string): Parts | undefined {
  const [, month, year] = /^(\d{1,2})[-/. ](\d{4})$/.exec(text) ?? []
  return month && year ? { month: Number(month), year: Number(year) } : undefined
}

function yearAlone(text: string): Parts | undefined {
  return /^\d{4}$/.test(text) ? { year: Number(text) } : undefined
}

/** `80` is 1980, and in 2026 `26` is 2026: nobody is born later than today. */
function fullYear(text: string, today: Date): number {
  if (text.length === 4) return Number(text)
  const century = Math.floor(today.getFullYear() / 100) * 100
  const year = century + Number(text)
  return year > today.getFullYear() ? year - 100 : year
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate()
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
