import { CodedError } from '../../protocol/error-codes'
import type { Statistics } from '../../schemas/generated/types'
import { districtsOf } from './districts'
import { Freshness } from './freshness'
import { labelOf } from './labels'
import { daysOf, type Question } from './question'
import { readCounts, type Sums } from './read-counts'
import { RecentSums } from './recent-sums'
import { SUPPRESSED_BELOW } from './suppress'
import { tabulate, told } from './tabulate'

const RETRY_SECONDS = 30
/** How long an answer waits for what is new, all in all; and for the counts at least, whatever the index took. */
const PATIENCE_MS = 250
const LEAST_PATIENCE_MS = 100

export interface StatisticsDeps {
  sums: Sums
  /** Districts that the ministry has set, by external ID. */
  districtsSet: () => Promise<ReadonlyMap<string, string>>
  now: () => Date
}

export interface StatisticsSource extends Pick<StatisticsDeps, 'now'> {
  recent: Pick<RecentSums, 'read'>
  freshness: Pick<Freshness, 'asOf'>
  districts: () => Promise<ReadonlyMap<string, string>>
}

/** What is kept between two questions: what a later answer may do without. */
export function statisticsFrom({ sums, districtsSet, now }: StatisticsDeps): StatisticsSource {
  const nothing = { startkey: ['none'], endkey: ['none'], groupLevel: 1, limit: 1, isFresh: true }
  return {
    now,
    recent: new RecentSums(sums, () => performance.now()),
    freshness: new Freshness(() => sums(nothing), now),
    districts: districtsOf(sums, districtsSet, () => performance.now()),
  }
}

/** Counts of what has happened, as far as the index had come a moment ago; a CodedError where there is no index yet, or too much is asked. */
export async function answerStatistics(question: Question, source: StatisticsSource): Promise<Statistics> {
  const askedMs = performance.now()
  const indexed = await source.freshness.asOf()
  const patienceMs = Math.max(LEAST_PATIENCE_MS, PATIENCE_MS - (performance.now() - askedMs))
  if (indexed === undefined) {
    const headers = { 'Retry-After': String(RETRY_SECONDS) }
    throw new CodedError('COUNTS_NOT_READY', 'The counts are being made from what is there; try again.', { headers })
  }
  const { measure, by } = question
  const isByPlace = by.includes('district') || by.includes('facility')
  const [{ years, undated, asOf }, districts] = await Promise.all([
    readCounts(question, (selection) => source.recent.read(selection, indexed, patienceMs)),
    isByPlace ? source.districts() : new Map<string, string>(),
  ])
  const { rows, unlisted } = tabulate(question, years, (facility) => districts.get(facility))
  const asked = question.group === undefined ? undefined : labelOf(question.group)
  return {
    measure,
    ...daysOf(question),
    by: [...by],
    ...(asked !== undefined && { label: asked }),
    rows: rows.map(({ group, count, ...place }) => {
      const label = group === undefined ? undefined : labelOf(group)
      return { ...place, ...(group !== undefined && { group }), ...(label !== undefined && { label }), count }
    }),
    suppressedBelow: SUPPRESSED_BELOW,
    unlisted,
    undated: told(undated),
    asOf: asOf.toISOString(),
  }
}
