import { CodedError } from '../../protocol/error-codes'
import { dayOf, dayText, type IsoWeek, mondayOf, weekOfDay } from '../../protocol/iso-week'

export const MEASURES = ['visits', 'diagnoses', 'immunizations', 'births', 'deaths'] as const
export type Measure = (typeof MEASURES)[number]

export const DIMENSIONS = ['facility', 'district', 'week', 'group'] as const
export type Dimension = (typeof DIMENSIONS)[number]

export const STATISTICS_FILTERS = ['from', 'to', 'by', 'facility', 'group', 'format'] as const
export type StatisticsQuery = { [F in (typeof STATISTICS_FILTERS)[number]]?: string | undefined }

/** Two years, whichever day of a week they begin with. */
export const MOST_WEEKS = 106
const DEFAULT_WEEKS = 12

export interface Question {
  readonly measure: Measure
  /** Both are counted. */
  readonly first: IsoWeek
  readonly last: IsoWeek
  readonly by: readonly Dimension[]
  readonly facility?: string
  readonly group?: string
}

/** What has a kind besides its time and place. */
export function hasGroups(measure: Measure): boolean {
  return measure === 'diagnoses' || measure === 'immunizations'
}

/** What is asked, in whole weeks; a CodedError says what is wrong with it. */
export function readQuestion(measure: string, query: StatisticsQuery, now: Date): Question {
  if (!isOneOf(MEASURES, measure)) throw invalid(`The measure must be one of ${MEASURES.join(', ')}.`)
  const last = dayIn('to', query.to) ?? Math.floor(now.getTime() / 86_400_000)
  const first = dayIn('from', query.from) ?? last - (DEFAULT_WEEKS - 1) * 7
  if (first > last) throw invalid('from must not be after to.')
  const weeks = (mondayOf(weekOfDay(last)) - mondayOf(weekOfDay(first))) / 7 + 1
  if (weeks > MOST_WEEKS) throw invalid(`from and to may be ${MOST_WEEKS} weeks apart at most.`)
  const by = dimensionsIn(query.by ?? 'week')
  const { facility, group } = query
  if (!hasGroups(measure) && (by.includes('group') || group !== undefined)) {
    throw invalid('Only diagnoses and immunizations have groups.')
  }
  if (facility !== undefined && !/^[A-Z0-9]{2,12}$/.test(facility)) throw invalid('facility must be an external ID.')
  if (group !== undefined && !/^[A-Za-z0-9:-]{1,20}$/.test(group)) {
    throw invalid('group must be one of an answer, such as J00-J06, cvx:20 or other.')
  }
  return {
    measure,
    first: weekOfDay(first),
    last: weekOfDay(last),
    by,
    ...(facility !== undefined && { facility }),
    ...(group !== undefined && { group }),
  }
}

/** The days that are counted, both included. */
export function daysOf({ first, last }: Question): { from: string; to: string } {
  return { from: dayText(mondayOf(first)), to: dayText(mondayOf(last) + 6) }
}

function dimensionsIn(text: string): Dimension[] {
  const names = text === 'none' ? [] : text.split(',')
  const known = names.filter((name): name is Dimension => isOneOf(DIMENSIONS, name))
  if (known.length < names.length || new Set(known).size < known.length) {
    throw invalid(`by must be none, or a list out of ${DIMENSIONS.join(', ')} with commas, each once.`)
  }
  return known
}

function dayIn(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const day = text.length === 10 ? dayOf(text) : undefined
  if (day === undefined) throw invalid(`${name} must be a day such as 2026-11-23.`)
  return day
}

function isOneOf<T extends string>(list: readonly T[], text: string): text is T {
  return list.some((one) => one === text)
}

function invalid(reason: string): CodedError {
  return new CodedError('INVALID_REQUEST', reason)
}
