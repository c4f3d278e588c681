import { CodedError } from '../../protocol/error-codes'
import type { Criterion } from './patient-criteria'
import { byTerms, type Found, type PatientEntry, type PatientParts, rarestOf } from './patient-search'

/** By `meta.lastUpdated`, as FHIR's `_sort` writes it. */
export type UpdatedOrder = '_lastUpdated' | '-_lastUpdated'

/** Read at a time along the list. */
const KEYS_AT_ONCE = 256

/**
 * Where a patient stands in the list: milliseconds and MRN. As long as he is written at no other moment it stays, so that pages
 * have no gaps while others write; whoever is written meanwhile stands before the first page, as is true.
 */
export function updatedKey(mrn: string, recordedAt: string): string {
  return `${String(Math.max(0, Date.parse(recordedAt) || 0)).padStart(16, '0')}.${mrn}`
}

/**
 * Patients in the order of their last change. Where a criterion fits few patients these are sorted; else the list of all is walked
 * along, and each held against the criteria. Either way a position means the same. Throws INVALID_REQUEST for one that no search gave.
 */
export async function searchByUpdate(
  parts: PatientParts,
  criteria: readonly Criterion[],
  { order, after, limit }: { order: UpdatedOrder; after?: string; limit: number },
): Promise<Found> {
  if (after !== undefined && !/^[0-9]{16}\.[A-Z0-9]{1,20}$/.test(after))
    throw new CodedError('INVALID_REQUEST', 'The page is not one of this search.')
  const mrns: string[] = []
  let last = ''
  for await (const key of await keysOf(parts, criteria, order, after)) {
    if (mrns.length === limit) return { mrns, next: last }
    mrns.push(key.slice(key.indexOf('.') + 1))
    last = key
  }
  return { mrns }
}

async function keysOf(
  parts: PatientParts,
  criteria: readonly Criterion[],
  order: UpdatedOrder,
  after: string | undefined,
): Promise<Iterable<string> | AsyncIterable<string>> {
  const rarest = await rarestOf(parts, criteria)
  if (!rarest?.isFew) return walk(parts, criteria, order, after)
  const found: string[] = []
  for await (const { entry } of byTerms(parts, rarest.criterion, criteria, '')) found.push(entry.updated)
  const sorted = found.sort()
  if (order === '-_lastUpdated') sorted.reverse()
  return after === undefined ? sorted : sorted.filter((key) => (order === '_lastUpdated' ? key > after : key < after))
}

async function* walk(
  { entries, updated }: PatientParts,
  criteria: readonly Criterion[],
  order: UpdatedOrder,
  after: string | undefined,
): AsyncGenerator<string> {
  const isDown = order === '-_lastUpdated'
  const from = after === undefined ? {} : isDown ? { lt: after } : { gt: after }
  const keys = updated.keys({ ...from, reverse: isDown })
  const fits = (entry: PatientEntry | undefined) =>
    entry !== undefined && criteria.every((criterion) => criterion.matches(entry.terms))
  try {
    for (let batch = await keys.nextv(KEYS_AT_ONCE); batch.length > 0; batch = await keys.nextv(KEYS_AT_ONCE)) {
      if (criteria.length === 0) {
        yield* batch
        continue
      }
      const found = await entries.getMany(batch.map((key) => key.slice(key.indexOf('.') + 1)))
      for (const [index, key] of batch.entries()) if (fits(found[index])) yield key
    }
  } finally {
    await keys.close()
  }
}
