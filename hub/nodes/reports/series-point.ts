import type { NodeReport, SeriesDocument } from '../../../schemas/generated/types'

export type SeriesPoint = SeriesDocument['points'][number]

const HOUR_MS = 3_600_000
const MOST_SECONDS = 999_999_999_999_999

/** `2026-11-23` of `2026-11-23T07:41:03.120Z`. */
export function dayOf(at: string): string {
  return at.slice(0, 10)
}

/** When the hour began. */
export function hourOf(at: string): string {
  return `${at.slice(0, 13)}:00:00.000Z`
}

/** What of a report its hour keeps. */
export function pointOf(report: NodeReport): SeriesPoint {
  const { at, version: _text, syncState: _state, lastAcknowledgedAt: _moment, oldestUnsentAt, ...numbers } = report
  return { hour: hourOf(at), ...numbers, ...(oldestUnsentAt !== undefined && ageOf(oldestUnsentAt, at)) }
}

function ageOf(oldestUnsentAt: string, at: string): Pick<SeriesPoint, 'oldestUnsentSeconds'> {
  const seconds = Math.round((Date.parse(at) - Date.parse(oldestUnsentAt)) / 1_000)
  return { oldestUnsentSeconds: Math.min(MOST_SECONDS, Math.max(0, seconds)) }
}

/** With the point, unless its hour has one: the very list that it was given. */
export function withPoint(points: SeriesPoint[], point: SeriesPoint): SeriesPoint[] {
  if (points.some(({ hour }) => hour === point.hour)) return points
  return [...points, point].sort((a, b) => (a.hour < b.hour ? -1 : 1))
}

/** Each day that has a moment from `from` to `to`, both included. */
export function daysBetween(from: string, to: string): string[] {
  const days: string[] = []
  for (let ms = Date.parse(`${dayOf(from)}T00:00:00.000Z`); ms <= Date.parse(to); ms += 24 * HOUR_MS) {
    days.push(dayOf(new Date(ms).toISOString()))
  }
  return days
}
