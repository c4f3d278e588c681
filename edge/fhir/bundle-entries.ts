import { setImmediate } from 'node:timers/promises'
import { CodedError } from '../../protocol/error-codes'
import type { BundleRequest } from '../../schemas/generated/types'
import { type Change, createOf, deleteOf, located, updateOf, type Validate, type Wanted } from './change'
import { ElementError } from './element-error'

export type BundleEntryRequest = NonNullable<BundleRequest['entry']>[number]

/** What an entry asks for. */
export type Asked = { kind: 'change'; wanted: Wanted } | { kind: 'read'; url: string }

/** More problems than this are not listed. */
const MAX_PROBLEMS = 50

/** Throws what is wrong with the entry, naming it. */
export function askedBy(
  entry: BundleEntryRequest,
  index: number,
  { externalId, baseUrl, validate }: { externalId: string; baseUrl: string; validate: Validate },
): Asked {
  try {
    const { request, resource } = entry
    if (!request) throw new CodedError('INVALID_REQUEST', 'Each entry must have a request.')
    const url = relativeTo(baseUrl, request.url)
    if (request.method === 'GET') return { kind: 'read', url }
    const [type = '', id, ...more] = url.split('/')
    const change = changeOf()
    return { kind: 'change', wanted: { change, names: namesOf(entry), entry: index } }

    function changeOf(): Change {
      const ifMatch = request?.ifMatch === undefined ? {} : { ifMatch: request.ifMatch }
      if (more.length === 0 && request?.method === 'POST' && id === undefined) {
        const condition = request.ifNoneExist === undefined ? {} : { ifNoneExist: request.ifNoneExist }
        return { ...createOf(type, resource, validate), ...condition }
      }
      if (more.length === 0 && request?.method === 'PUT' && id !== undefined) {
        return { ...updateOf(externalId, type, id, resource, validate), ...ifMatch }
      }
      if (more.length === 0 && request?.method === 'DELETE' && id !== undefined) {
        return { ...deleteOf(externalId, type, id), ...ifMatch }
      }
      throw new CodedError('METHOD_NOT_ALLOWED', 'An entry is POST <type>, PUT or DELETE <type>/<id>, or GET.')
    }
  } catch (error) {
    throw located(error, { entry: index })
  }
}

/** Validated at a time before others get their turn. */
const TURN_ENTRIES = 100

/** All results, or one error: the problems of invalid resources together, else the first. */
export async function allOrError<T>(count: number, work: (index: number) => T): Promise<T[]> {
  const results: T[] = []
  const invalid: ElementError[] = []
  for (let index = 0; index < count; index++) {
    if (index % TURN_ENTRIES === TURN_ENTRIES - 1) await setImmediate()
    try {
      results.push(work(index))
    } catch (error) {
      if (!(error instanceof ElementError) || error.code !== 'RESOURCE_INVALID') throw error
      invalid.push(error)
      if (invalid.length >= MAX_PROBLEMS) break
    }
  }
  const [first] = invalid
  if (!first) return results
  throw new ElementError(first.code, first.message, invalid.flatMap(({ problems }) => problems).slice(0, MAX_PROBLEMS))
}

/**
 * How other entries may refer to this one: by its fullUrl, and where that is an address (`http://old/Patient/7`) by its end
 * (https://hl7.org/fhir/R4/bundle.html#references).
 */
export function namesOf({ fullUrl }: Pick<BundleEntryRequest, 'fullUrl'>): string[] {
  if (fullUrl === undefined) return []
  const [, end] = /^https?:\/\/.*?([A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64})$/.exec(fullUrl) ?? []
  return end === undefined ? [fullUrl] : [fullUrl, end]
}

function relativeTo(baseUrl: string, url: string): string {
  return (url.startsWith(`${baseUrl}/`) ? url.slice(baseUrl.length) : url).replace(/^\//, '')
}
