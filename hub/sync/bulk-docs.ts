import { CodedError, type ErrorCode } from '../../protocol/error-codes'
import type { BulkDocsRequest } from '../../schemas/generated/types'
import type { CouchAnswer, SyncCaller } from './couch-call'
import { objectionTo } from './objection'
import { mrnOf, SECOND_PATIENT, secondPatients } from './second-patients'

/** A document that was not taken, in CouchDB's own form (https://docs.couchdb.org/en/stable/api/database/bulk-api.html). */
export interface Refusal {
  id: string
  error: string
  reason: string
  /** Of ours, where a program has to tell it from other reasons; `error` is `forbidden` for stock replications. */
  code?: ErrorCode
}

type Documents = BulkDocsRequest['docs']

/** So often one request is divided at most; what is refused as a whole after that is answered so. */
const MOST_DIVISIONS = 200

/** Takes to CouchDB what it would take from this caller, and refuses each other document alone (law 4). */
export async function pushDocuments(
  caller: SyncCaller,
  request: BulkDocsRequest,
): Promise<CouchAnswer & { refusals: Refusal[]; accepted: string[] }> {
  const refused: Refusal[] = []
  const sound = request.docs.filter((doc) => {
    const reason = objectionTo(caller.externalId, doc)
    if (reason !== undefined) refused.push({ id: doc._id, error: 'forbidden', reason })
    return reason === undefined
  })
  const second = await secondPatients(caller, sound)
  const own = sound.filter((doc) => {
    // What comes with a second patient is about that one, and must not get into the record of the first.
    const isSecond = second.has(mrnOf(doc._id))
    if (isSecond) refused.push({ id: doc._id, error: 'forbidden', reason: SECOND_PATIENT, code: 'MRN_TAKEN' })
    return !isSecond
  })
  if (own.length === 0) return { status: 201, body: refused, refusals: refused, accepted: [] }

  const put = async (docs: Documents) => durable(await caller.ask('POST', '/ehr/_bulk_docs', { ...request, docs }))
  const answer = await putDivided(own, put, { left: MOST_DIVISIONS })
  if (answer.status !== 201) return { ...answer, refusals: [], accepted: [] }
  if (!Array.isArray(answer.body)) throw new CodedError('DATABASE_UNAVAILABLE', 'The database gave an unusable answer.')

  const rows: unknown[] = [...answer.body, ...refused]
  const refusals = rows.filter(isRefusal)
  const refusedIds = new Set(refusals.map((refusal) => refusal.id))
  const accepted = own.map((doc) => doc._id).filter((id) => !refusedIds.has(id))
  return { status: 201, body: rows, refusals, accepted }
}

/**
 * Law 3: what is acknowledged survives. A cluster answers 202 where fewer nodes have written than its quorum asks for
 * (https://docs.couchdb.org/en/stable/cluster/theory.html), so one that dies may take it along. Sent again it costs nothing:
 * the same revisions are the same documents.
 */
function durable(answer: CouchAnswer): CouchAnswer {
  if (answer.status !== 202) return answer
  throw new CodedError('DATABASE_UNAVAILABLE', 'The database has not written enough copies; send the same again.')
}

/**
 * Some documents make CouchDB refuse all that came with them: one above `max_document_size` (413), text that is not Unicode
 * or an attachment that is not base64 (400). Halves are tried until each of those stands alone, with a reason of our own:
 * CouchDB's may quote the document, and any word but `forbidden` ends a stock replication.
 */
async function putDivided(
  docs: Documents,
  put: (docs: Documents) => Promise<CouchAnswer>,
  divisions: { left: number },
): Promise<CouchAnswer> {
  const answer = await put(docs)
  const objection = OBJECTIONS[answer.status]
  if (objection === undefined) return answer
  const [first, ...others] = docs
  if (first !== undefined && others.length === 0) {
    return { status: 201, body: [{ id: first._id, error: 'forbidden', reason: objection }] }
  }
  if (divisions.left-- <= 0) return answer
  const middle = Math.ceil(docs.length / 2)
  const rows: unknown[] = []
  for (const half of [docs.slice(0, middle), docs.slice(middle)]) {
    const part = await putDivided(half, put, divisions)
    if (!Array.isArray(part.body)) return part
    rows.push(...part.body)
  }
  return { status: 201, body: rows }
}

const OBJECTIONS: Readonly<Record<number, string>> = {
  400: 'The database does not take a document of this form.',
  412: 'The document has an attachment that did not come with it.',
  413: 'The document is larger than the database takes.',
}

function isRefusal(row: unknown): row is Refusal {
  return typeof row === 'object' && row !== null && 'error' in row && 'id' in row && typeof row.id === 'string'
}
