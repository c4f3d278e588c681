import type { NodeSeries } from '../../../schemas/generated/types'

export type Hour = NodeSeries['series'][number]

export const MEASURES = ['backlogDocuments', 'bytesToday', 'refusedDocuments', 'freeDiskBytes'] as const
export type Measure = (typeof MEASURES)[number]

export interface Point {
  readonly hour: string
  /** Null where the facility said nothing in that hour. */
  readonly value: number | null
}

const HOUR_MS = 3_600_000

/**
 * Every hour from the first to the last report: where nothing was said the line is broken, as the link was. Long spans are
 * thinned out, the most of each step kept, so that no peak is lost.
 */
export function pointsOf(series: readonly Hour[], measure: Measure, most = 240): Point[] {
  const values = new Map(series.map((hour) => [Date.parse(hour.hour), hour[measure]]))
  const hours = [...values.keys()].sort((a, b) => a - b)
  const [first, last] = [hours[0], hours.at(-1)]
  if (first === undefined || last === undefined) return []
  const step = Math.ceil(((last - first) / HOUR_MS + 1) / most) * HOUR_MS
  const points: Point[] = []
  for (let from = first; from <= last; from += step) {
    const within: number[] = []
    for (let at = from; at < from + step; at += HOUR_MS) {
      const value = values.get(at)
      if (value !== undefined) within.push(value)
    }
    points.push({ hour: new Date(from).toISOString(), value: within.length > 0 ? Math.max(...within) : null })
  }
  return points
}
