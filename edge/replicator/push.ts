import type { OutgoingDocument } from './batch-reader'
import type { HubConnection } from './hub-connection'
import { ContentRefused, PushFailure } from './push-failure'
import type { RefusedRow } from './refused-list'

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
export async function push(
  hub: HubConnection,
  documents: readonly OutgoingDocument[],
  asking: Asking,
  signal: AbortSignal,
): Promise<PushOutcome> {
  const missing = asking === 'none' ? documents : await lackingAt(hub, documents, signal)
  const outcome = { rows: [] as RefusedRow[], split: false }
  if (missing.length > 0) await send(hub, missing, signal, outcome)
  const refusedIds = new Set(outcome.rows.map((row) => row.id))
  return {
    held: documents.map((doc) => doc.id).filter((id) => !refusedIds.has(id)),
    refused: outcome.rows,
    someMissing: missing.length > 0,
    split: outcome.split,
  }
}

/** Documents were sent in order before: if the hub lacks the first whole, it is not worth asking about the others. */
async function lackingAt(
  hub: HubConnection,
  documents: readonly OutgoingDocument[],
  signal: AbortSignal,
): Promise<readonly OutgoingDocument[]> {
  const first = documents.slice(0, 1)
  const [lacking] = await missingAt(hub, first, signal)
  if (lacking !== undefined && lacking.revs.length === first[0]?.revs.length) return documents
  return missingAt(hub, documents, signal)
}

async function missingAt(
  hub: HubConnection,
  documents: readonly OutgoingDocument[],
  signal: AbortSignal,
): Promise<OutgoingDocument[]> {
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
  hub: HubConnection,
  documents: readonly OutgoingDocument[],
  signal: AbortSignal,
  outcome: { rows: RefusedRow[]; split: boolean },
): Promise<void> {
  try {
    outcome.rows.push(...(await sendWhole(hub, documents, signal)))
  } catch (error) {
    if (!(error instanceof ContentRefused)) throw error
    const [only] = documents
    if (documents.length === 1 && only) {
      outcome.rows.push({ id: only.id, rev: only.revs[0] ?? '', error: error.code, reason: error.message })
      return
    }
    outcome.split = true
    const half = Math.ceil(documents.length / 2)
    await send(hub, documents.slice(0, half), signal, outcome)
    await send(hub, documents.slice(half), signal, outcome)
  }
}

async function sendWhole(
  hub: HubConnection,
  documents: readonly OutgoingDocument[],
  signal: AbortSignal,
): Promise<RefusedRow[]> {
  // The texts are JSON already: putting them together costs nothing, parsing them again would.
  const body = `{"new_edits":false,"docs":[${documents.flatMap((doc) => doc.texts).join(',')}]}`
  const { status, body: rows } = await hub.ask('POST', '/_bulk_docs', body, signal)
  if ((status !== 201 && status !== 202) || !Array.isArray(rows)) throw new PushFailure('not-a-hub')
  const revOf = new Map(documents.map((doc) => [doc.id, doc.revs[0] ?? '']))
  return rows.flatMap((row: unknown) => refusedRow(row, revOf))
}

/** With `new_edits: false` CouchDB answers with the documents that it did not take, and only those. */
function refusedRow(row: unknown, revOf: ReadonlyMap<string, string>): RefusedRow[] {
  if (typeof row !== 'object' || row === null || !('error' in row) || !('id' in row)) return []
  const id = String(row.id)
  const reason = 'reason' in row && typeof row.reason === 'string' ? row.reason : 'The hub gave no reason.'
  return [{ id, rev: revOf.get(id) ?? '', error: String(row.error), reason }]
}
