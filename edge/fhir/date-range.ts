import { CodedError } from '../../protocol/error-codes'
import { isObject } from './elements'

/** A moment or a span of time, in milliseconds: a date is the whole of its day, a year the whole of it. */
export interface DateRange {
  low: number
  high: number
}

export type DateTest = (range: DateRange) => boolean

const DATE =
  /^([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(\.[0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?)?)?$/

/**
 * What a date or time covers; undefined where it is none. Without a zone it is the time of this machine, which stands in the
 * facility (https://hl7.org/fhir/R4/search.html#date).
 */
export function rangeOf(text: string): DateRange | undefined {
  const [, year, month, day, hour, minute, second, fraction, zone] = DATE.exec(text) ?? []
  if (year === undefined) return undefined
  const at = (y: number, mo: number, d: number, h = 0, mi = 0, s = 0) => {
    const date = zone === undefined ? new Date(0, 0) : new Date(0)
    if (zone === undefined) {
      date.setFullYear(y, mo, d)
      date.setHours(h, mi, s, 0)
    } else {
      date.setUTCFullYear(y, mo, d)
      date.setUTCHours(h, mi, s, 0)
    }
    return date.getTime() - offsetMs(zone)
  }
  const [y, mo, d] = [Number(year), Number(month ?? 1) - 1, Number(day ?? 1)]
  if (
    mo < 0 ||
    mo > 11 ||
    d < 1 ||
    d > 31 ||
    Number(hour ?? 0) > 23 ||
    Number(minute ?? 0) > 59 ||
    Number(second ?? 0) > 60
  )
    return undefined
  if (month === undefined) return { low: at(y, 0, 1), high: at(y + 1, 0, 1) - 1 }
  if (day === undefined) return { low: at(y, mo, 1), high: at(y, mo + 1, 1) - 1 }
  if (hour === undefined) return { low: at(y, mo, d), high: at(y, mo, d + 1) - 1 }
  const low = at(y, mo, d, Number(hour), Number(minute), Number(second ?? 0))
  if (second === undefined) return { low, high: low + 59_999 }
  const ms = fraction === undefined ? 0 : Math.floor(Number(`0${fraction}`) * 1_000)
  return fraction === undefined ? { low, high: low + 999 } : { low: low + ms, high: low + ms }
}

/** The ranges in a value of FHIR type date, dateTime, instant, Period or Timing. */
export function rangesIn(value: unknown): DateRange[] {
  if (typeof value === 'string') return [rangeOf(value) ?? []].flat()
  if (!isObject(value)) return []
  if (Array.isArray(value['event'])) return value['event'].flatMap(rangesIn)
  if (isObject(value['repeat'])) return rangesIn(value['repeat']['boundsPeriod'])
  const { start, end } = value
  if (typeof start !== 'string' && typeof end !== 'string') return []
  const low = typeof start === 'string' ? rangeOf(start)?.low : Number.NEGATIVE_INFINITY
  const high = typeof end === 'string' ? rangeOf(end)?.high : Number.POSITIVE_INFINITY
  return low === undefined || high === undefined ? [] : [{ low, high }]
}

/** `ge2026-01` as a test, with the limits that it sets. Throws INVALID_REQUEST. */
export function dateTestOf(text: string): { prefix: string; date: string; test: DateTest } {
  const [, prefix = '', date = ''] = /^([a-z]{2})?(.*)$/.exec(text) ?? []
  const wanted = rangeOf(date)
  const compare = COMPARISONS[prefix]
  if (!wanted || !compare) {
    throw new CodedError(
      'INVALID_REQUEST',
      'A date is searched as YYYY, YYYY-MM, YYYY-MM-DD or with a time, after eq, ne, gt, ge, lt, le, sa or eb.',
    )
  }
  return { prefix: prefix || 'eq', date, test: (found) => compare(wanted, found) }
}

/** https://hl7.org/fhir/R4/search.html#prefix */
const COMPARISONS: Readonly<Record<string, (wanted: DateRange, found: DateRange) => boolean>> = {
  '': isWithin,
  eq: isWithin,
  ne: (wanted, found) => !isWithin(wanted, found),
  gt: (wanted, found) => found.high > wanted.high,
  ge: (wanted, found) => found.high > wanted.high || isWithin(wanted, found),
  lt: (wanted, found) => found.low < wanted.low,
  le: (wanted, found) => found.low < wanted.low || isWithin(wanted, found),
  sa: (wanted, found) => found.low > wanted.high,
  eb: (wanted, found) => found.high < wanted.low,
}

function isWithin(wanted: DateRange, found: DateRange): boolean {
  return wanted.low <= found.low && found.high <= wanted.high
}

function offsetMs(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0
  const [hours = 0, minutes = 0] = zone.slice(1).split(':').map(Number)
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000
}
