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
  readonly group: string
  /** Each place or group in each week, and not over all of them. */
  readonly isWeekly: boolean
}

/** Of these there are groups: blocks of ICD-10, or vaccines. */
export function hasGroups(measure: Measure): boolean {
  return measure === 'diagnoses' || measure === 'immunizations'
}

/** The question that stands in the address of the page. */
export function queryIn(params: URLSearchParams): StatisticsQuery {
  const measure = MEASURES.find((one) => one === params.get('measure')) ?? 'visits'
  const by = PLACES.find((one) => one === params.get('by')) ?? 'week'
  const place = by === 'group' && !hasGroups(measure) ? 'week' : by
  return {
    measure,
    by: place,
    from: params.get('from') ?? '',
    to: params.get('to') ?? '',
    facility: params.get('facility') ?? '',
    group: hasGroups(measure) ? (params.get('group') ?? '') : '',
    isWeekly: place !== 'week' && params.get('weekly') !== null,
  }
}

/** For the address of the page: what is empty is left out. */
export function saidOf({ measure, by, from, to, facility, group, isWeekly }: StatisticsQuery): Record<string, string> {
  return {
    measure,
    by,
    ...(from && { from }),
    ...(to && { to }),
    ...(facility && { facility }),
    ...(group && hasGroups(measure) && { group }),
    ...(isWeekly && { weekly: '1' }),
  }
}

/** The same for the hub; what is empty is left to it. */
export function pathOf(asked: StatisticsQuery, format?: 'csv'): string {
  const { measure, from, to, facility, group } = asked
  const query = new URLSearchParams({
    by: dimensionsOf(asked).join(','),
    ...(from !== '' && { from }),
    ...(to !== '' && { to }),
    ...(facility !== '' && { facility }),
    ...(group !== '' && { group }),
    ...(format && { format }),
  })
  return `/operator/statistics/${measure}?${query}`
}

export function dimensionsOf({ by, isWeekly }: StatisticsQuery): Place[] {
  return isWeekly ? [by, 'week'] : [by]
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

export interface WeeklyRow {
  readonly key: string
  readonly label?: string
  /** One for each week; null: too few to be told. */
  readonly counts: readonly (number | null)[]
}

/** Each place or group with all its weeks, those of which the most is told first. */
export function weeklyRowsOf(statistics: Statistics, by: Place): { weeks: string[]; rows: WeeklyRow[]; most: number } {
  const weeks = weeksBetween(statistics.from, statistics.to)
  const lacking = statistics.unlisted ? null : 0
  const found = new Map<string, { label?: string; counts: (number | null)[] }>()
  for (const { week = '', label, count, ...row } of statistics.rows) {
    const key = (row as Partial<Record<Place, string>>)[by] ?? ''
    const of = found.get(key) ?? { ...(label !== undefined && { label }), counts: weeks.map(() => lacking) }
    of.counts[weeks.indexOf(week)] = count
    found.set(key, of)
  }
  const sum = ({ counts }: WeeklyRow) => counts.reduce<number>((all, count) => all + (count ?? 0), 0)
  const rows = [...found].map(([key, row]): WeeklyRow => ({ key, ...row }))
  rows.sort((a, b) => sum(b) - sum(a) || a.key.localeCompare(b.key))
  return { weeks, rows, most: Math.max(1, ...rows.flatMap(({ counts }) => counts.map((count) => count ?? 0))) }
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
