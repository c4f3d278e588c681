import { CodedError } from '../../protocol/error-codes'
import { documentIdOf, placeOfResource } from '../../protocol/ids'
import { isMrn } from '../../protocol/mrn'
import { type AcceptedType, isFacilityType, searchElementsOf } from '../../schemas/fhir/resource-types'
import type { EhrStore, StoredDocument } from '../store/ehr'
import type { PatientIndex } from '../store/patient-index'
import { type UpdatedOrder, updatedKey } from '../store/updated-walk'
import { type Page, pagedBy } from './pages'
import { criteriaOf, type ResourceTest, searchParametersOf, testOf, unsupported } from './search-parameters'
import { patientIdOf, type SearchValue, searchValueOf } from './search-values'
import { sortedByDate } from './sort-by-date'

export const DEFAULT_COUNT = 50
export const MAX_COUNT = 500

export interface SearchTools {
  store: EhrStore
  index: PatientIndex
  externalId: string
}

export interface SearchRequest {
  values: SearchValue[]
  ids: string[] | undefined
  sort: Sort | undefined
  count: number
  cursor: string | undefined
}

export type Sort = 'date' | '-date' | UpdatedOrder

/** Read from the store at a time while a search walks through a patient's records. */
const PAGE_DOCUMENTS = 200

/** Throws SEARCH_PARAMETER_UNSUPPORTED and INVALID_REQUEST. */
export function searchRequestOf(type: AcceptedType, parameters: Iterable<[string, string]>): SearchRequest {
  const request: SearchRequest = {
    values: [],
    ids: undefined,
    sort: undefined,
    count: DEFAULT_COUNT,
    cursor: undefined,
  }
  const known = new Set(searchParametersOf(type).map(({ name }) => name))
  for (const [name, text] of parameters) {
    if (known.has(name)) request.values.push(searchValueOf(name, text))
    else if (name === '_id') request.ids = searchValueOf(name, text).alternatives
    else if (name === '_count') request.count = countOf(text)
    else if (name === '_cursor') request.cursor = Buffer.from(text, 'base64url').toString()
    else if (name === '_sort') request.sort = sortOf(type, text)
    else if (name !== '_format' && name !== '_pretty') throw unsupported()
  }
  return request
}

export function countOf(text: string): number {
  const count = Number(text)
  if (!Number.isInteger(count) || count < 1)
    throw new CodedError('INVALID_REQUEST', '_count must be a whole number from 1.')
  return Math.min(count, MAX_COUNT)
}

export function searchDocuments(type: AcceptedType, request: SearchRequest, tools: SearchTools): Promise<Page> {
  if (type === 'Patient') return request.ids ? patientsById(request, request.ids, tools) : patients(request, tools)
  const places = request.values.filter(({ name }) => name === 'patient' || name === 'subject')
  const tests = request.values.filter((value) => !places.includes(value)).map((value) => testOf(type, value))
  const partition = isFacilityType(type) ? tools.externalId : partitionOf(places)
  if (request.ids) return byId(type, request, request.ids, partition, tests, tools)
  if (partition === undefined) {
    throw new CodedError('SEARCH_PARAMETER_UNSUPPORTED', "A patient's resources are searched by patient=<MRN> or _id.")
  }
  if (request.sort === 'date' || request.sort === '-date')
    return sortedByDate(type, request.sort, request, tests, { store: tools.store, partition })
  return pagedBy(request, walk(type, partition, request.cursor, tests, tools.store))
}

async function* walk(
  type: AcceptedType,
  partition: string,
  cursor: string | undefined,
  tests: readonly ResourceTest[],
  store: EhrStore,
): AsyncGenerator<{ document: StoredDocument; at: string }> {
  for (let after = cursor; ; ) {
    const documents = await store.read({
      partition,
      type,
      limit: PAGE_DOCUMENTS,
      ...(after === undefined ? {} : { after }),
    })
    for (const document of documents) {
      if (tests.every((test) => test(document.resource))) yield { document, at: document._id }
    }
    if (documents.length < PAGE_DOCUMENTS) return
    after = documents.at(-1)?._id
  }
}

async function patients(request: SearchRequest, { index, store }: SearchTools): Promise<Page> {
  const page = request.cursor === undefined ? {} : { after: request.cursor }
  const order = isUpdatedOrder(request.sort) ? request.sort : undefined
  const { mrns, next } = await index.search(criteriaOf(request.values), { ...page, limit: request.count, order })
  const found = await Promise.all(mrns.map((mrn) => store.get(documentIdOf({ partition: mrn, type: 'Patient' }))))
  const documents = found.flatMap((stored) => (stored.kind === 'present' ? [stored.document] : []))
  return next === undefined ? { documents } : { documents, next }
}

async function patientsById(request: SearchRequest, ids: readonly string[], tools: SearchTools): Promise<Page> {
  const criteria = criteriaOf(request.values)
  const matching: string[] = []
  for (const id of new Set(ids)) {
    const terms = await tools.index.termsOf(id)
    if (terms && criteria.every((criterion) => criterion.matches(terms))) matching.push(id)
  }
  return byId('Patient', request, matching, undefined, [], tools)
}

async function byId(
  type: AcceptedType,
  request: SearchRequest,
  ids: readonly string[],
  partition: string | undefined,
  tests: readonly ResourceTest[],
  { store }: SearchTools,
): Promise<Page> {
  const found: { document: StoredDocument; at: string }[] = []
  for (const id of [...new Set(ids)].sort()) {
    const place = placeOfResource(type, id)
    if (!place || (partition !== undefined && place.partition !== partition)) continue
    const stored = await store.get(documentIdOf(place))
    if (stored.kind !== 'present' || !tests.every((test) => test(stored.document.resource))) continue
    const { document } = stored
    found.push({ document, at: isUpdatedOrder(request.sort) ? updatedKey(id, document.recordedAt) : document._id })
  }
  const isDown = request.sort === '-_lastUpdated'
  const { cursor } = request
  found.sort((a, b) => (a.at < b.at === isDown ? 1 : -1))
  return pagedBy(request, cursor === undefined ? found : found.filter(({ at }) => (isDown ? at < cursor : at > cursor)))
}

function partitionOf(places: readonly SearchValue[]): string | undefined {
  const mrns = new Set(places.flatMap(({ alternatives }) => alternatives.map(patientIdOf)))
  const [mrn, ...others] = mrns
  if (others.length > 0) throw new CodedError('SEARCH_PARAMETER_UNSUPPORTED', 'One search looks at one patient.')
  if (mrn !== undefined && !isMrn(mrn))
    throw new CodedError('INVALID_REQUEST', 'A patient is searched by the MRN, patient=<MRN>.')
  return mrn
}

function sortOf(type: AcceptedType, text: string): Sort {
  if (type === 'Patient' && isUpdatedOrder(text)) return text
  const hasDate = type !== 'Patient' && searchElementsOf(type).date.length > 0
  if (hasDate && (text === 'date' || text === '-date')) return text
  throw unsupported()
}

function isUpdatedOrder(sort: string | undefined): sort is UpdatedOrder {
  return sort === '_lastUpdated' || sort === '-_lastUpdated'
}
