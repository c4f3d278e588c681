import type { ErrorCode } from '../../protocol/error-codes'
import { SESSION } from '../../protocol/headers'
import type { OutgoingDocument } from './batch-reader'
import type { HubConnection } from './hub-connection'
import { ContentRefused, PushFailure, StaleCheckpoint } from './push-failure'
import type { RefusedRow } from './refused-list'

const SUPERSEDED: ErrorCode = 'SESSION_SUPERSEDED'

/** One life of a connection, in one of the process: ends when the engine stops or gets another hub. */
export interface Push {
  hub: HubConnection
  signal: AbortSignal
  /** R29: whose batches these are. */
  sessionId: string
}

export interface PushOutcome {
  /** Ids that the hub has: taken now, or there already. */
  held: string[]
  refused: RefusedRow[]
  /** Whether the hub lacked any of it. */
  someMissing: boolean
  /** Whether the batch went in parts, because the hub did not take it whole. */
  split: boolean
}

/**
 * Whom to ask before sending (R5): `first` asks about the first document alone, which is all that is needed where the hub
 * has none of them; `none` sends at once.
 */
export type Asking = 'first' | 'none'

/**
 * Sends the documents that the hub lacks. A document is held by the hub only when the hub's answer says so (R6).
 */
export async function push(to: Push, documents: readonly OutgoingDocument[], asking: Asking): Promise<PushOutcome> {
  const missing = asking === 'none' ? documents : await lackingAt(to, documents)
  const outcome = { rows: [] as RefusedRow[], split: false }
  if (missing.length > 0) await send(to, missing, outcome)
  const refusedIds = new Set(outcome.rows.map((row) => row.id))
  return {
    held: documents.map((doc) => doc.id).filter((id) => !refusedIds.has(id)),
    refused: outcome.rows,
    someMissing: missing.length > 0,
    split: outcome.split,
  }
}

/** Documents were sent in order before: if the hub lacks the first whole, it is not worth asking about the others. */
async function lackingAt(to: Push, documents: readonly OutgoingDocument[]): Promise<readonly OutgoingDocument[]> {
  const first = documents.slice(0, 1)
  const [lacking] = await missingAt(to, first)
  if (lacking !== undefined && lacking.revs.length === first[0]?.revs.length) return documents
  return missingAt(to, documents)
}

async function missingAt({ hub, signal }: Push, documents: readonly OutgoingDocument[]): Promise<OutgoingDocument[]> {
  const revs = Object.fromEntries(documents.map((doc) => [doc.id, doc.revs]))
  const { status, body } = await hub.ask('POST', '/_revs_diff', JSON.stringify(revs), signal)
  if (status !== 200 || typeof body !== 'object' || body === null) throw new PushFailure('not-a-hub')
  const answer = new Map(Object.entries(body))
  return documents.flatMap((doc) => {
    const lacking = missingRevs(answer.get(doc.id))
    const kept = doc.revs
      .map((rev, index) => ({ rev, text: doc.texts[index] ?? '' }))
      .filter(({ rev }) => lacking.has(rev))
    return kept.length === 0
      ? []
      : [{ id: doc.id, revs: kept.map(({ rev }) => rev), texts: kept.map(({ text }) => text) }]
  })
}

function missingRevs(entry: unknown): Set<unknown> {
  const revs = typeof entry === 'object' && entry !== null && 'missing' in entry ? entry.missing : []
  return new Set(Array.isArray(revs) ? revs : [])
}

/** R15: what the hub does not take as a whole goes in halves, down to the one document that is refused. */
async function send(
  to: Push,
  documents: readonly OutgoingDocument[],
  outcome: { rows: RefusedRow[]; split: boolean },
): Promise<void> {
  try {
    outcome.rows.push(...(await sendWhole(to, documents)))
  } catch (error) {
    if (!(error instanceof ContentRefused)) throw error
    const [only] = documents
    if (documents.length === 1 && only) {
      outcome.rows.push({ id: only.id, rev: only.revs[0] ?? '', error: error.code, reason: error.message })
      return
    }
    outcome.split = true
    const half = Math.ceil(documents.length / 2)
    await send(to, documents.slice(0, half), outcome)
    await send(to, documents.slice(half), outcome)
  }
}

async function sendWhole(
  { hub, signal, sessionId }: Push,
  documents: readonly OutgoingDocument[],
): Promise<RefusedRow[]> {
  // The texts are JSON already: putting them together costs nothing, parsing them again would.
  const body = `{"new_edits":false,"docs":[${documents.flatMap((doc) => doc.texts).join(',')}]}`
  const { status, body: rows } = await hub.ask('POST', '/_bulk_docs', body, signal, { [SESSION]: sessionId })
  if (status === 409 && isSuperseded(rows)) throw new StaleCheckpoint()
  // R6: a cluster that answers so has written fewer copies than its quorum asks for, and may lose them.
  if (status === 202) throw new PushFailure('hub-fault')
  if (status !== 201 || !Array.isArray(rows)) throw new PushFailure('not-a-hub')
  const revOf = new Map(documents.map((doc) => [doc.id, doc.revs[0] ?? '']))
  return rows.flatMap((row: unknown) => refusedRow(row, revOf))
}

/** With `new_edits: false` CouchDB answers with the documents that it did not take, and only those; our gate adds a code at times. */
function refusedRow(row: unknown, revOf: ReadonlyMap<string, string>): RefusedRow[] {
  if (typeof row !== 'object' || row === null || !('error' in row) || !('id' in row)) return []
  const id = String(row.id)
  const reason = 'reason' in row && typeof row.reason === 'string' ? row.reason : 'The hub gave no reason.'
  const error = String('code' in row ? row.code : row.error)
  return [{ id, rev: revOf.get(id) ?? '', error, reason }]
}

/** R29: nothing of the batch was written. */
function isSuperseded(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'error' in body && body.error === SUPERSEDED
}
