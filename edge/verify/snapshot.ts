import { owns } from '../../protocol/owns'
import { isSent } from '../../protocol/push-rules'
import { byId, itemOf } from '../../protocol/verify-digest'

/** What the hub has acknowledged, as far as the edge knows: one entry for each document, in the order of their ids. */
export interface Snapshot {
  /** The sequence of the store up to which everything had been acknowledged. */
  readonly upTo: number
  readonly ids: readonly string[]
  /** In the same places: the newest revision, or that of the deletion, and the item of it (verify-digest.ts). */
  readonly revs: readonly string[]
  readonly items: BigUint64Array
  readonly deleted: ReadonlySet<string>
  /** Deletions that an earlier receipt covers (covered-deletions.ts): named only where a range differs. */
  readonly covered: ReadonlySet<string>
}

export interface Deletion {
  id: string
  /** Of the store, when it was deleted. */
  seq: number
}

/** Few enough that a person who asks the edge for something meanwhile does not notice. */
const PAGE_DOCUMENTS = 200

/**
 * Reads what stood in the store at `upTo`. A document that has been written since then is left out: the hub may have
 * either of its revisions.
 */
export async function readSnapshot(
  database: PouchDB.Database,
  externalId: string,
  upTo: number,
  signal: AbortSignal,
  coveredOf: (deletions: readonly Deletion[]) => ReadonlySet<string> = () => new Set(),
): Promise<Snapshot> {
  const entries: (Deletion & { rev: string; deleted: boolean })[] = []
  for (let since = 0; since < upTo; ) {
    signal.throwIfAborted()
    const page = await database.changes({ since, limit: PAGE_DOCUMENTS, include_docs: true })
    for (const { id, doc, deleted, seq } of page.results) {
      if (Number(seq) > upTo || !doc || !isSent(externalId, doc)) continue
      entries.push({ id, rev: doc._rev, deleted: deleted === true, seq: Number(seq) })
    }
    if (page.results.length < PAGE_DOCUMENTS) break
    since = Number(page.last_seq)
  }
  entries.sort(byId)
  const deletions = entries.filter(({ deleted }) => deleted)
  return {
    upTo,
    ids: entries.map(({ id }) => id),
    revs: entries.map(({ rev }) => rev),
    items: BigUint64Array.from(entries, itemOf),
    deleted: new Set(deletions.map(({ id }) => id)),
    covered: coveredOf(deletions),
  }
}

const PAGE_IDS = 1_000

/** The facility's documents that were written after a sequence. */
export async function writtenAfter(database: PouchDB.Database, externalId: string, seq: number): Promise<string[]> {
  const ids: string[] = []
  for (let since = seq; ; ) {
    const page = await database.changes({ since, limit: PAGE_IDS })
    for (const { id } of page.results) if (owns(externalId, id)) ids.push(id)
    if (page.results.length < PAGE_IDS) return ids
    since = Number(page.last_seq)
  }
}
