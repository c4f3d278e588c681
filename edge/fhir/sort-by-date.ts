import { type AcceptedType, searchElementsOf } from '../../schemas/fhir/resource-types'
import type { EhrStore, StoredDocument } from '../store/ehr'
import { rangesIn } from './date-range'
import { valuesAt } from './elements'
import { type Page, pagedBy } from './pages'
import type { ResourceTest } from './search-parameters'

/**
 * A patient's resources of one type by their date, those without one last. Reads all of them: a patient has a few thousand at
 * the most. A position is the date and the id, so pages stay right while others write.
 */
export async function sortedByDate(
  type: AcceptedType,
  order: 'date' | '-date',
  request: { count: number; cursor: string | undefined },
  tests: readonly ResourceTest[],
  { store, partition }: { store: EhrStore; partition: string },
): Promise<Page> {
  const paths = searchElementsOf(type).date.map(({ path }) => path)
  const documents = await store.read({ partition, type })
  const found = documents
    .filter(({ resource }) => tests.every((test) => test(resource)))
    .map((document) => ({ document, at: `${sortKey(document, paths, order)} ${document._id}` }))
    .sort((a, b) => (a.at < b.at ? -1 : 1))
  const { cursor } = request
  return pagedBy(request, cursor === undefined ? found : found.filter(({ at }) => at > cursor))
}

/** Digits that sort as the dates do; counted from the middle, so that none is negative. */
function sortKey({ resource }: StoredDocument, paths: readonly string[], order: 'date' | '-date'): string {
  const lows = paths
    .flatMap((path) => valuesAt(resource, path).flatMap(rangesIn))
    .map(({ low, high }) => (Number.isFinite(low) ? low : high))
  const finite = lows.filter(Number.isFinite)
  if (finite.length === 0) return '9'.repeat(17)
  const middle = 2 ** 52
  const key = order === 'date' ? middle + Math.min(...finite) : middle - Math.max(...finite)
  return String(Math.round(key)).padStart(17, '0')
}
