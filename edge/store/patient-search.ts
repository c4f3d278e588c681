import type { AbstractLevel } from 'abstract-level'
import { CodedError } from '../../protocol/error-codes'
import { type Criterion, inOrder, isIn, type TermRange } from './patient-criteria'

export interface PatientEntry {
  terms: string[]
  /** The key in the list of last changes. */
  updated: string
  /** `<Type>/<id>` that the patient had before it was loaded. */
  source?: string
}

export interface Found {
  mrns: string[]
  /** Where to go on; undefined at the end. */
  next?: string
}

type Part<V> = AbstractLevel<string | Buffer | Uint8Array, string, V>

/** The parts of the index: MRN → entry, `<term>␀<MRN>`, and `<last change>.<MRN>`. */
export interface PatientParts {
  entries: Part<PatientEntry>
  terms: Part<0>
  updated: Part<0>
}

interface Match {
  mrn: string
  key: string
}

interface TermMatch extends Match {
  entry: PatientEntry
}

/** How far a criterion's keys are counted to find the one that fits the fewest patients. */
const PROBED_KEYS = 300
const FIRST_KEYS = 64
const MOST_KEYS = 1_024

/**
 * Walks along the keys of the criterion that fits the fewest patients and holds each patient against the others: what is
 * read depends on the rarest criterion and on the page, not on the number of patients. Throws INVALID_REQUEST for a
 * position that no search gave.
 */
export async function searchPatients(
  parts: PatientParts,
  criteria: readonly Criterion[],
  page: { after?: string; limit: number },
): Promise<Found> {
  const start = page.after === undefined ? { driver: await rarest(parts, criteria), key: '' } : positionOf(page.after)
  const driver = criteria[start.driver]
  const mrns: string[] = []
  let last = start.key
  for await (const { mrn, key } of driver ? byTerms(parts, driver, criteria, last) : byMrn(parts, last)) {
    if (mrns.length === page.limit) return { mrns, next: textOf({ driver: start.driver, key: last }) }
    mrns.push(mrn)
    last = key
  }
  return { mrns }
}

async function* byMrn({ entries }: PatientParts, after: string): AsyncGenerator<Match> {
  for await (const mrn of entries.keys({ gt: after })) yield { mrn, key: mrn }
}

/** From behind a key on, each patient once. */
export async function* byTerms(
  { entries, terms }: Pick<PatientParts, 'entries' | 'terms'>,
  driver: Criterion,
  criteria: readonly Criterion[],
  after: string,
): AsyncGenerator<TermMatch> {
  const ranges = inOrder(driver.ranges)
  let size = FIRST_KEYS
  for (const range of ranges) {
    const keys = terms.keys(after > range.from ? { gt: after, lt: range.to } : { gte: range.from, lt: range.to })
    try {
      for (let batch = await keys.nextv(size); batch.length > 0; batch = await keys.nextv(size)) {
        const found = await entries.getMany(batch.map(mrnIn))
        for (const [index, key] of batch.entries()) {
          const entry = found[index]
          // `an` leads to Ana Anindita twice; she counts where she stands first.
          if (entry === undefined || firstTerm(entry.terms, ranges) !== termIn(key)) continue
          if (criteria.every((criterion) => criterion.matches(entry.terms))) yield { mrn: mrnIn(key), key, entry }
        }
        size = Math.min(size * 2, MOST_KEYS)
      }
    } finally {
      await keys.close()
    }
  }
}

async function rarest(parts: PatientParts, criteria: readonly Criterion[]): Promise<number> {
  if (criteria.length < 2) return 0
  const counts = await countsOf(parts, criteria)
  return counts.indexOf(Math.min(...counts))
}

/** The criterion that fits the fewest patients, and whether these are few; undefined where nothing is asked. */
export async function rarestOf(
  parts: PatientParts,
  criteria: readonly Criterion[],
): Promise<{ criterion: Criterion; isFew: boolean } | undefined> {
  const counts = await countsOf(parts, criteria)
  const least = Math.min(...counts)
  const criterion = criteria[counts.indexOf(least)]
  return criterion && { criterion, isFew: least < PROBED_KEYS }
}

/** How many keys each has, counted up to PROBED_KEYS. */
function countsOf({ terms }: PatientParts, criteria: readonly Criterion[]): Promise<number[]> {
  return Promise.all(
    criteria.map(async ({ ranges }) => {
      let count = 0
      for (const range of inOrder(ranges)) {
        if (count >= PROBED_KEYS) break
        count += (await terms.keys({ gte: range.from, lt: range.to, limit: PROBED_KEYS - count }).all()).length
      }
      return count
    }),
  )
}

function firstTerm(terms: readonly string[], ranges: readonly TermRange[]): string | undefined {
  let first: string | undefined
  for (const term of terms) {
    if ((first === undefined || term < first) && ranges.some((range) => isIn(range, term))) first = term
  }
  return first
}

function termIn(key: string): string {
  return key.slice(0, key.lastIndexOf('\u0000'))
}

function mrnIn(key: string): string {
  return key.slice(key.lastIndexOf('\u0000') + 1)
}

interface Position {
  /** The criterion whose keys are walked along, and the last key that was answered. */
  driver: number
  key: string
}

function textOf({ driver, key }: Position): string {
  return `${driver}.${key}`
}

function positionOf(text: string): Position {
  const [, driver, key] = /^([0-9]{1,3})\.(.*)$/s.exec(text) ?? []
  if (driver === undefined || key === undefined)
    throw new CodedError('INVALID_REQUEST', 'The page is not one of this search.')
  return { driver: Number(driver), key }
}
