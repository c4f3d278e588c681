import { CodedError } from '../../protocol/error-codes'
import type { SumSelection } from '../couch/couch-database'
import { hasGroups, type Question } from './question'

export interface SumRow {
  readonly key: readonly (string | number | null)[]
  readonly value: readonly number[]
}

/** The view `counts` of the database `ehr` (design-docs/ehr/counts.ts). */
export type Sums = (selection: SumSelection) => Promise<readonly SumRow[]>

/** The same as it was at a moment, which may be a while ago. */
type SumsRead = (selection: SumSelection) => Promise<{ rows: readonly SumRow[]; asOf: Date }>

/** So many rows of the view are read for one answer: a row takes CouchDB up to a millisecond where it has other work. */
export const MOST_READ = 4_000

/** What happened in a year at a facility, of a group, as far as the question looks at these. */
export interface YearCounts {
  readonly year: number
  readonly facility?: string
  readonly group?: string
  /** The first is the first week of the year's. */
  readonly weeks: readonly number[]
}

/** Everything that the question is about, from the index as it is or was; year by year. What had arrived by `asOf` is in all of it. */
export async function readCounts(
  question: Question,
  sums: SumsRead,
): Promise<{ years: YearCounts[]; undated: number; asOf: Date }> {
  const { first, last } = question
  const years = Array.from({ length: last.year - first.year + 1 }, (_, index) => first.year + index)
  const [undated, read] = await Promise.all([
    readYear({ ...question, by: [] }, null, sums),
    Promise.all(years.map((year) => readYear(question, year, sums))),
  ])
  return {
    years: read.flatMap(({ counts }) => counts),
    undated: undated.counts.reduce((all, { weeks }) => all + (weeks[0] ?? 0), 0),
    asOf: new Date(Math.min(...[undated, ...read].map(({ asOf }) => asOf.getTime()))),
  }
}

async function readYear(
  question: Question,
  year: number | null,
  sums: SumsRead,
): Promise<{ counts: YearCounts[]; asOf: Date }> {
  const { prefix, names } = rangeOf(question, year)
  const { rows, asOf } = await sums({
    startkey: prefix,
    endkey: [...prefix, {}],
    groupLevel: 2 + names.length,
    limit: MOST_READ + 1,
    isFresh: false,
  })
  if (rows.length > MOST_READ) {
    throw new CodedError('TOO_MANY_ROWS', 'That is too much detail for one answer; ask for one facility or one group.')
  }
  const counts = rows.map(({ key, value }) => ({
    year: year ?? 0,
    ...Object.fromEntries(names.map((name, index) => [name, String(key[2 + index])])),
    weeks: value,
  }))
  return { counts, asOf }
}

/**
 * Where in the view the answer is: as few parts of the key as tell what is asked. What has groups is there twice, facilities first and
 * groups first, so that whatever is asked for stands together.
 */
function rangeOf(
  { measure, by, facility, group }: Question,
  year: number | null,
): { prefix: (string | number | null)[]; names: ('facility' | 'group')[] } {
  const needsPlace = by.includes('facility') || by.includes('district') || facility !== undefined
  const needsGroup = by.includes('group') || group !== undefined
  if (hasGroups(measure) && needsGroup && facility === undefined && (group !== undefined || !needsPlace)) {
    const names = needsPlace ? (['group', 'facility'] as const) : (['group'] as const)
    return { prefix: [`${measure}-by-group`, year, ...(group === undefined ? [] : [group])], names: [...names] }
  }
  const prefix = [measure, year, ...(facility === undefined ? [] : [facility])]
  if (facility !== undefined && group !== undefined) return { prefix: [...prefix, group], names: ['facility', 'group'] }
  if (needsGroup) return { prefix, names: ['facility', 'group'] }
  return { prefix, names: needsPlace ? ['facility'] : [] }
}
