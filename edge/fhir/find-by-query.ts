import { CodedError } from '../../protocol/error-codes'
import type { AcceptedType } from '../../schemas/fhir/resource-types'
import type { StoredDocument } from '../store/ehr'
import { type SearchTools, searchDocuments, searchRequestOf } from './search'

export type FindByQuery = (type: AcceptedType, query: string) => Promise<StoredDocument[]>

/**
 * What `identifier=system|value` and the like find, for conditions: two are as many as need to be known. Throws
 * INVALID_REQUEST for a query that asks nothing: anything would fit it, somebody else's record too.
 */
export function findByQuery(tools: SearchTools): FindByQuery {
  return async (type, query) => {
    const request = searchRequestOf(type, new URLSearchParams(query))
    if (request.values.length === 0 && request.ids === undefined)
      throw new CodedError('INVALID_REQUEST', 'A condition must have a search parameter.')
    return (await searchDocuments(type, { ...request, count: 2 }, tools)).documents
  }
}
