import { CodedError } from '../../protocol/error-codes'
import { owns } from '../../protocol/owns'
import type { CouchAnswer, SyncCaller } from './couch-call'

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

/** The reason shows the rule and not the id: a facility's list of refusals is read by people. */
const NOT_OWNED = 'Law 1: a facility writes only under its own prefix.'

/** Takes documents of the caller's own prefix to CouchDB and refuses each other one alone. */
export async function pushDocuments(
  caller: SyncCaller,
  request: BulkDocsRequest,
): Promise<CouchAnswer & { refusals: Refusal[]; accepted: string[] }> {
  const own = request.docs.filter((doc) => owns(caller.externalId, doc._id))
  const foreign = request.docs.filter((doc) => !owns(caller.externalId, doc._id))
  const refused = foreign.map((doc) => ({ id: doc._id, error: 'forbidden', reason: NOT_OWNED }))
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
