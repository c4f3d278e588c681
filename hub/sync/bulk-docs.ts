import { CodedError } from '../../protocol/error-codes'
import type { CouchAnswer, SyncCaller } from './couch-call'
import { objectionTo } from './objection'

/** A document that was not taken, in CouchDB's own form (https://docs.couchdb.org/en/stable/api/database/bulk-api.html). */
export interface Refusal {
  id: string
  error: string
  reason: string
}

export interface BulkDocsRequest {
  docs: ({ _id: string } & Record<string, unknown>)[]
  new_edits?: boolean
}

/** Takes to CouchDB what it would take from this caller, and refuses each other document alone (law 4). */
export async function pushDocuments(
  caller: SyncCaller,
  request: BulkDocsRequest,
): Promise<CouchAnswer & { refusals: Refusal[]; accepted: string[] }> {
  const own: BulkDocsRequest['docs'] = []
  const refused: Refusal[] = []
  for (const doc of request.docs) {
    const reason = objectionTo(caller.externalId, doc)
    if (reason === undefined) own.push(doc)
    else refused.push({ id: doc._id, error: 'forbidden', reason })
  }
  if (own.length === 0) return { status: 201, body: refused, refusals: refused, accepted: [] }

  const answer = await caller.ask('POST', '/ehr/_bulk_docs', { ...request, docs: own })
  if (answer.status !== 201 && answer.status !== 202) return { ...answer, refusals: [], accepted: [] }
  if (!Array.isArray(answer.body)) throw new CodedError('DATABASE_UNAVAILABLE', 'The database gave an unusable answer.')

  const rows: unknown[] = [...answer.body, ...refused]
  const refusals = rows.filter(isRefusal)
  const refusedIds = new Set(refusals.map((refusal) => refusal.id))
  const accepted = own.map((doc) => doc._id).filter((id) => !refusedIds.has(id))
  return { status: answer.status, body: rows, refusals, accepted }
}

function isRefusal(row: unknown): row is Refusal {
  return typeof row === 'object' && row !== null && 'error' in row && 'id' in row && typeof row.id === 'string'
}
