import { randomBytes } from 'node:crypto'
import { isSigned } from '../../protocol/receipt'
import type { Receipt, ReceiptKey, VerifyResult } from '../../schemas/generated/types'
import type { VerifyHub } from './ask-hub'
import { objectionTo } from './check-receipt'
import { type Comparison, compare } from './compare'
import { coveredAmong, coveredBy, type KeptDeletions } from './covered-deletions'
import type { OnlyAtHub } from './only-at-hub'
import { readSnapshot, type Snapshot, writtenAfter } from './snapshot'

export type TrustedKey = Pick<ReceiptKey, 'hubId' | 'publicKey'>

export interface RunParts {
  database: PouchDB.Database
  externalId: string
  hub: VerifyHub
  /** Waits until the hub has acknowledged all there is; answers up to which sequence of the store. */
  whenAcknowledged: (signal: AbortSignal) => Promise<number>
  refusedIds: () => Promise<string[]>
  /** Has the replicator send these documents once more, whatever it knows of them. */
  sendAgain: (ids: readonly string[]) => void
  onlyAtHub: OnlyAtHub
  /** What an earlier run has left. */
  deletions?: KeptDeletions | undefined
  /** What receipts are signed with, as it was first seen. */
  keyOf: (signal: AbortSignal) => Promise<TrustedKey>
  /** The key that has taken its place, by its own word; undefined where there is none that it leads to. */
  followKey: (signal: AbortSignal) => Promise<TrustedKey | undefined>
  now: () => Date
  signal: AbortSignal
  progress: (at: { state: 'comparing'; documents: number; compared: number } | { state: 'sending-again' }) => void
}

export interface Verification {
  result: VerifyResult
  receipt?: Receipt
  /** For the next run; where there is a receipt. */
  deletions?: KeptDeletions | undefined
}

/** Compared again so often at most: after sending, and after learning what only the hub has. */
const MOST_ROUNDS = 6
/** A document that is missing still after it was sent so often is not going to arrive. */
const MOST_SENT = 2
const REVISIONS_AT_ONCE = 500
const MOST_NAMED = 100

/**
 * Compares edge and hub until they agree, sending again what the hub lacks. The receipt is in the answer where it was
 * taken. Throws HubUnavailable where the hub could not be asked to the end.
 */
export async function runVerification(parts: RunParts): Promise<Verification> {
  const { database, externalId, signal, now } = parts
  const startedAt = now().toISOString()
  const sent = new Map<string, number>()
  for (let round = 1; ; round++) {
    const upTo = await parts.whenAcknowledged(signal)
    parts.progress({ state: 'comparing', documents: 0, compared: 0 })
    let lookedAt = ''
    const snapshot = await readSnapshot(database, externalId, upTo, signal, (deletions) => {
      const among = coveredAmong(deletions, parts.deletions, new Set(sent.keys()))
      lookedAt = among.lookedAt
      return among.covered
    })
    const named = snapshot.ids.length - snapshot.covered.size
    const unsettled = async () => [...(await parts.refusedIds()), ...(await writtenAfter(database, externalId, upTo))]
    const nonce = randomBytes(16).toString('base64url')
    const progress = (compared: number) => parts.progress({ state: 'comparing', documents: named, compared })
    const comparison = await compare({ ...parts, snapshot, unsettled, nonce, compared: progress })
    const { missing, changed } = await lackingAtHub(comparison, snapshot, await unsettled(), parts)
    const end = await verdict(comparison, { missing, changed, nonce, upTo, round, sent }, parts)
    if (end) {
      const refused = new Set(await parts.refusedIds())
      const still = [...new Set([...missing, ...[...sent.keys()].filter((id) => refused.has(id))])].sort()
      const result: VerifyResult = {
        outcome: still.length + changed.length > 0 ? 'differs' : end.receipt ? 'agrees' : 'unconfirmed',
        startedAt,
        finishedAt: now().toISOString(),
        documents: comparison.documents,
        excluded: named - comparison.documents,
        sentAgain: some([...sent.keys()]),
        missing: some(still),
        changed: some(changed),
        onlyAtHub: parts.onlyAtHub.count,
        rounds: round,
        ...(end.reason !== undefined && { reason: end.reason }),
      }
      if (!end.receipt) return { result }
      const deletions = coveredBy(end.receipt, snapshot.deleted, comparison.leftOut, lookedAt)
      return { result, receipt: end.receipt, deletions }
    }
    const again = missing.filter((id) => (sent.get(id) ?? 0) < MOST_SENT)
    if (again.length === 0) continue
    for (const id of again) sent.set(id, (sent.get(id) ?? 0) + 1)
    parts.progress({ state: 'sending-again' })
    parts.sendAgain(again)
  }
}

/** What ends the run, undefined for another round. */
async function verdict(
  comparison: Comparison,
  at: { missing: string[]; changed: string[]; nonce: string; upTo: number; round: number; sent: Map<string, number> },
  { externalId, keyOf, followKey, signal }: RunParts,
): Promise<{ receipt?: Receipt; reason?: string } | undefined> {
  const { missing, changed, nonce, upTo, round, sent } = at
  const { receipt, expected } = comparison
  if (receipt) {
    const key = await keyOf(signal)
    const present = isSigned(receipt, key.publicKey) ? key : ((await followKey(signal)) ?? key)
    const reason = objectionTo(receipt, { externalId, nonce, upTo, ...expected }, present)
    return reason === undefined ? { receipt } : { reason }
  }
  if (round >= MOST_ROUNDS) return { reason: 'The two did not come to rest; it is tried again.' }
  if (missing.some((id) => (sent.get(id) ?? 0) < MOST_SENT)) return undefined
  return missing.length + changed.length > 0 ? {} : undefined
}

/** Of what the hub does not show: what it lacks, and what it has beneath a revision that did not come from here. */
async function lackingAtHub(
  comparison: Comparison,
  { ids, revs }: Snapshot,
  unsettled: readonly string[],
  { hub, signal }: RunParts,
): Promise<{ missing: string[]; changed: string[] }> {
  const open = new Set(unsettled)
  const places = comparison.missing.filter((place) => !open.has(ids[place] ?? ''))
  const missing: string[] = []
  const changed: string[] = []
  for (let at = 0; at < places.length; at += REVISIONS_AT_ONCE) {
    const asked = places.slice(at, at + REVISIONS_AT_ONCE)
    const answer = await hub.lacking(
      Object.fromEntries(asked.map((place) => [ids[place] ?? '', [revs[place] ?? '']])),
      signal,
    )
    for (const place of asked) {
      const id = ids[place] ?? ''
      if ((answer[id]?.missing.length ?? 0) > 0) missing.push(id)
      else changed.push(id)
    }
  }
  return { missing, changed }
}

function some(ids: readonly string[]): { count: number; ids: string[] } {
  return { count: ids.length, ids: ids.slice(0, MOST_NAMED) }
}
