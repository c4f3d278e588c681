import type { Statistics } from '../../../schemas/generated/types'

export const MEASURES = ['visits', 'diagnoses', 'immunizations', 'births', 'deaths'] as const
export type Measure = (typeof MEASURES)[number]

export const PLACES = ['week', 'facility', 'district', 'group'] as const
export type Place = (typeof PLACES)[number]

export interface StatisticsQuery {
  readonly measure: Measure
  readonly by: Place
  readonly from: string
  readonly to: string
  readonly facility: string
}

/** Of these there are groups: blocks of ICD-10, or vaccines. */
export function hasGroups(measure: Measure): boolean {
  return measure === 'diagnoses' || measure === 'immunizations'
}

/** The question that stands in the address of the page. */
export function queryIn(params: URLSearchParams): StatisticsQuery {
  const measure = MEASURES.find((one) => one === params.get('measure')) ?? 'visits'
  const by = PLACES.find((one) => one === params.get('by')) ?? 'week'
  return {
    measure,
    by: by === 'group' && !hasGroups(measure) ? 'week' : by,
    from: params.get('from') ?? '',
    to: params.get('to') ?? '',
    facility: params.get('facility') ?? '',
  }
}

/** The same for the hub; what is empty is left to it. */
export function pathOf({ measure, by, from, to, facility }: StatisticsQuery, format?: 'csv'): string {
  const query = new URLSearchParams({
    by,
    ...(from !== '' && { from }),
    ...(to !== '' && { to }),
    ...(facility !== '' && { facility }),
    ...(format && { format }),
  })
  return `/operator/statistics/${measure}?${query}`
}

export interface StatisticsRow {
  /** What the row is for: a week, an external ID, a district, the code of a group. */
  readonly key: string
  readonly label?: string
  /** Null: too few to be told. */
  readonly count: number | null
}

/** Rows as they are shown: every week in its order, nothing left out; everything else the most first. */
export function rowsOf(statistics: Statistics, by: Place): StatisticsRow[] {
  const rows = statistics.rows.map((row) => ({
    key: row[by] ?? '',
    ...(row.label !== undefined && { label: row.label }),
    count: row.count,
  }))
  if (by !== 'week') return rows.sort((a, b) => (b.count ?? 0) - (a.count ?? 0) || a.key.localeCompare(b.key))
  const found = new Map(rows.map((row) => [row.key, row]))
  // A week without a row is one of nothing, unless the hub keeps rows to itself.
  const lacking = statistics.unlisted ? null : 0
  return weeksBetween(statistics.from, statistics.to).map((key) => found.get(key) ?? { key, count: lacking })
}

const DAY_MS = 24 * 3_600_000

/** ISO 8601's weeks from a Monday to a Sunday: 2026-W48. */
export function weeksBetween(monday: string, sunday: string): string[] {
  const weeks: string[] = []
  const end = Date.parse(`${sunday}T00:00:00Z`)
  for (let at = Date.parse(`${monday}T00:00:00Z`); at <= end; at += 7 * DAY_MS) weeks.push(weekOf(at))
  return weeks
}

/** A week is of the year that its Thursday is in. */
function weekOf(mondayMs: number): string {
  const year = new Date(mondayMs + 3 * DAY_MS).getUTCFullYear()
  const fourth = Date.UTC(year, 0, 4)
  const firstMonday = fourth - ((new Date(fourth).getUTCDay() + 6) % 7) * DAY_MS
  return `${year}-W${String(Math.round((mondayMs - firstMonday) / (7 * DAY_MS)) + 1).padStart(2, '0')}`
}
