import type { Request } from 'express'
import { CodedError } from '../../protocol/error-codes'

/** What of a query a route knows. Anything else is refused, not passed over: a filter that is misspelt would show everything. */
export function queryOf<N extends string>(request: Request, names: readonly N[]): { [name in N]?: string } {
  const query: { [name in N]?: string } = {}
  for (const [name, value] of Object.entries(request.query)) {
    if (!names.some((known) => known === name) || typeof value !== 'string') {
      throw new CodedError('INVALID_REQUEST', `The query may hold ${names.join(', ') || 'nothing'}, each once.`)
    }
    if (value !== '') query[name as N] = value
  }
  return query
}
