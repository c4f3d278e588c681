import { CodedError } from '../../protocol/error-codes'
import type { AuditEntry } from '../../schemas/generated/types'
import type { AuditDatabase } from './audit-database'
import { cursorOf, cursorText, END, limitOf, MOST_LIMIT, withoutRevision } from './audit-page'

export const CHAIN_FILTERS = ['chain'] as const

export interface ChainQuery {
  /** One chain alone. */
  chain?: string | undefined
  limit?: string | undefined
  cursor?: string | undefined
}

/**
 * One page of the audit for whoever verifies it: chain by chain, in the order of numbers; what has no chain comes first. The
 * documents are shown as they are, also where they are no entries any more.
 */
export async function listChains(
  database: AuditDatabase,
  query: ChainQuery,
): Promise<{ entries: AuditEntry[]; next?: string }> {
  const limit = limitOf(query.limit)
  if (query.chain !== undefined && !/^[0-9A-Z]{26}$/.test(query.chain)) {
    throw new CodedError('INVALID_REQUEST', 'chain must be the id of a chain.')
  }
  const prefix = query.chain === undefined ? [] : [query.chain]
  const startKey = cursorOf(query.cursor, prefix, 3) ?? prefix
  const rows = await database.view('by-chain', { startKey, endKey: [...prefix, END], limit: limit + 1 })
  const entries = rows.slice(0, limit).map(({ document }) => withoutRevision(document as AuditEntry))
  const next = rows[limit]
  return { entries: entries as AuditEntry[], ...(next && { next: cursorText(next.key) }) }
}

export async function* chainsInOrder(database: AuditDatabase, query: ChainQuery): AsyncGenerator<AuditEntry> {
  let { cursor } = query
  do {
    const page = await listChains(database, { ...query, limit: String(MOST_LIMIT), cursor })
    yield* page.entries
    cursor = page.next
  } while (cursor !== undefined)
}
