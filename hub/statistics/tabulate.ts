import { CodedError } from '../../protocol/error-codes'
import { type IsoWeek, weekText } from '../../protocol/iso-week'
import type { Dimension, Question } from './question'
import type { YearCounts } from './read-counts'
import { type Cell, SUPPRESSED_BELOW, suppress } from './suppress'

export const MOST_ROWS = 10_000

export type StatisticsRow = Partial<Record<Dimension, string>> & { count: number | null }

/** A facility that has told nobody where it is. */
export const NO_DISTRICT = ''

/** The rows of an answer, in the order of `by`; and whether some are not among them so that nobody works out others. */
export function tabulate(
  question: Question,
  years: readonly YearCounts[],
  districtOf: (facility: string) => string | undefined,
): { rows: StatisticsRow[]; unlisted: boolean } {
  const { by } = question
  const table = new Map<string, { at: Partial<Record<Dimension, string>>; cell: Cell & { count: number } }>()
  for (const { year, weeks, facility = '', group = '' } of years) {
    const district = districtOf(facility) ?? NO_DISTRICT
    for (const [index, count] of weeks.entries()) {
      const week = { year, week: index + 1 }
      if (count === 0 || !isWithin(question, week)) continue
      const all = { facility, district, week: weekText(week), group }
      const at = Object.fromEntries(by.map((name) => [name, all[name]]))
      const key = JSON.stringify(Object.values(at))
      const known = table.get(key)
      if (known) known.cell = { ...known.cell, count: known.cell.count + count }
      else table.set(key, { at, cell: { place: placeOf(by, all), count } })
    }
    if (table.size > MOST_ROWS) {
      throw new CodedError(
        'TOO_MANY_ROWS',
        `The table has more than ${MOST_ROWS} rows; ask for fewer weeks or dimensions.`,
      )
    }
  }
  const sorted = [...table].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
  const verdicts = suppress(sorted.map(({ cell }) => cell))
  const rows = sorted.flatMap(({ at, cell }, index): StatisticsRow[] => {
    const verdict = verdicts[index]
    if (verdict === 'unlisted') return []
    return [{ ...at, count: verdict === 'shown' ? cell.count : null }]
  })
  return { rows, unlisted: verdicts.includes('unlisted') }
}

/** A number beside the table. */
export function told(count: number): number | null {
  return count === 0 || count >= SUPPRESSED_BELOW ? count : null
}

/** A facility is in a district: whoever sees facilities can ask for districts, so they are an axis of two steps. */
function placeOf(by: readonly Dimension[], all: Readonly<Record<Dimension, string>>): string[][] {
  const place = by.includes('facility')
    ? [[all.district, all.facility]]
    : by.includes('district')
      ? [[all.district]]
      : []
  return [...place, ...(['week', 'group'] as const).flatMap((name) => (by.includes(name) ? [[all[name]]] : []))]
}

function isWithin({ first, last }: Question, week: IsoWeek): boolean {
  return weekText(first) <= weekText(week) && weekText(week) <= weekText(last)
}
