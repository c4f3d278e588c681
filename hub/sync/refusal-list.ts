import type { RefusalDocument } from '../../schemas/generated/types'
import type { CouchDatabase, Stored } from '../couch/couch-database'
import type { Refusal } from './bulk-docs'

/** More are not kept for one node: the list is for people, and a broken node must not fill the database. */
const MOST_PER_NODE = 1_000
const REASON_LENGTH = 500

/**
 * Law 4 at the hub: what each node was refused, and why, until it is accepted. One document for each refused one, in the
 * database `nodes`, so that gateways do not contend for a list.
 */
export class RefusalList {
  constructor(
    private readonly nodes: CouchDatabase,
    private readonly now: () => Date,
  ) {}

  /** Notes new refusals and takes off the list what was accepted. */
  async note(nodeName: string, refusals: readonly Refusal[], accepted: readonly string[]): Promise<void> {
    const known = new Map((await this.of(nodeName)).map((entry) => [entry.docId, entry]))
    if (known.size === 0 && refusals.length === 0) return
    const over = accepted.flatMap((id) => known.get(id) ?? [])
    const room = MOST_PER_NODE - known.size + over.length
    const noted = refusals
      .filter((refusal) => known.has(refusal.id))
      .concat(refusals.filter((refusal) => !known.has(refusal.id)).slice(0, Math.max(0, room)))
    const changes = [
      ...over.map(({ _id, _rev }) => ({ _id, _rev, _deleted: true })),
      ...noted.map((refusal) => this.#entry(nodeName, refusal, known.get(refusal.id))),
    ]
    // A conflict is another gateway that noted the same at the same moment: its entry is as good.
    if (changes.length > 0) await this.nodes.bulk(changes)
  }

  /** What one node was refused. */
  async of(nodeName: string): Promise<Stored<RefusalDocument>[]> {
    const rows = await this.nodes.allDocs<RefusalDocument>({
      startkey: `refused:${nodeName}:`,
      endkey: `refused:${nodeName}:\uffff`,
      limit: MOST_PER_NODE,
      includeDocs: true,
    })
    return rows.flatMap((row) => row.doc ?? [])
  }

  #entry(nodeName: string, refusal: Refusal, before: Stored<RefusalDocument> | undefined): RefusalDocument {
    return {
      _id: `refused:${nodeName}:${refusal.id}`,
      ...(before && { _rev: before._rev }),
      kind: 'refusal',
      nodeName,
      docId: refusal.id,
      reason: refusal.reason.slice(0, REASON_LENGTH) || refusal.error,
      at: this.now().toISOString(),
      attempts: (before?.attempts ?? 0) + 1,
    }
  }
}
