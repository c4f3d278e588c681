import { isObject } from './fhir-json'

/** Milliseconds since 1970; `toMs` is no longer part of it. */
export interface TimeSpan {
  fromMs: number
  toMs: number
}

/** What a Period covers for one who widens it, and `surely` for one who narrows it. */
export interface Period extends TimeSpan {
  readonly surely: TimeSpan
}

const HOUR_MS = 3_600_000
/** A day begins first at UTC+14 and ends last at UTC-12. */
const EARLIEST_ZONE_MS = 14 * HOUR_MS
const LATEST_ZONE_MS = 12 * HOUR_MS

const DATE = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?)?)?$/

/**
 * What a date or time of FHIR covers; undefined where it is none. A date has no time zone, so it is that day (month, year)
 * wherever it is that day on earth: nobody who writes 2026-11-22 means an hour of it.
 */
export function spanOf(value: unknown): TimeSpan | undefined {
  const [text, year, month, day, time] = (typeof value === 'string' && DATE.exec(value)) || []
  if (text === undefined || year === undefined) return undefined
  if (time !== undefined) {
    const ms = Date.parse(text)
    return Number.isNaN(ms) ? undefined : { fromMs: ms, toMs: ms + 1 }
  }
  const [y, m, d] = [Number(year), Number(month ?? 1) - 1, Number(day ?? 1)]
  const from = Date.UTC(y, m, d)
  const isDate = new Date(from).getUTCMonth() === m && new Date(from).getUTCDate() === d
  if (!isDate) return undefined
  const to = day ? Date.UTC(y, m, d + 1) : month ? Date.UTC(y, m + 1, 1) : Date.UTC(y + 1, 0, 1)
  return { fromMs: from - EARLIEST_ZONE_MS, toMs: to + LATEST_ZONE_MS }
}

/** From when it has begun in every time zone, and until it ends in the first: of a single day nothing is left. */
function surelyOf(value: unknown): TimeSpan | undefined {
  const span = spanOf(value)
  const isDate = typeof value === 'string' && !value.includes('T')
  if (!span || !isDate) return span
  const both = EARLIEST_ZONE_MS + LATEST_ZONE_MS
  return { fromMs: span.fromMs + both, toMs: span.toMs - both }
}

/**
 * A Period; an end that is not there is far away. Undefined where it is none, or has neither end. `surely` is when it is so wherever
 * on earth its dates are meant: of a single day nothing is left, so whoever permits something for a day says from when to when.
 */
export function periodOf(value: unknown): Period | undefined {
  if (!isObject(value)) return undefined
  const { start, end } = value
  if (start === undefined && end === undefined) return undefined
  const fromMs = start === undefined ? Number.NEGATIVE_INFINITY : spanOf(start)?.fromMs
  const toMs = end === undefined ? Number.POSITIVE_INFINITY : spanOf(end)?.toMs
  if (fromMs === undefined || toMs === undefined) return undefined
  const surely = { fromMs: surelyOf(start)?.fromMs ?? fromMs, toMs: surelyOf(end)?.toMs ?? toMs }
  return { fromMs, toMs, surely }
}
