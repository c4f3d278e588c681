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

  /** Notes new refusals and takes off the list what was accepted. It reads of the list what the push names, and no more. */
  async note(nodeName: string, refusals: readonly Refusal[], accepted: readonly string[]): Promise<void> {
    if (refusals.length === 0 && (await this.#count(nodeName, 1)) === 0) return
    const [over, known] = await Promise.all([this.#among(nodeName, accepted), this.#entries(nodeName, refusals)])
    const isKnown = ({ id }: Refusal) => known.has(id)
    const fresh = refusals.filter((refusal) => !isKnown(refusal))
    const room = fresh.length === 0 ? 0 : MOST_PER_NODE - (await this.#count(nodeName, MOST_PER_NODE)) + over.length
    const noted = refusals.filter(isKnown).concat(fresh.slice(0, Math.max(0, room)))
    const changes = [
      ...over.map(({ id, value }) => ({ _id: id, _rev: value.rev, _deleted: true })),
      ...noted.map((refusal) => this.#entry(nodeName, refusal, known.get(refusal.id))),
    ]
    // A conflict is another gateway that noted the same at the same moment: its entry is as good.
    if (changes.length > 0) await this.nodes.bulk(changes)
  }

  /** How many one node has, up to `most`. */
  async #count(nodeName: string, most: number): Promise<number> {
    const prefix = `refused:${nodeName}:`
    return (await this.nodes.allDocs({ startkey: prefix, endkey: `${prefix}\uffff`, limit: most })).length
  }

  #among(nodeName: string, ids: readonly string[], includeDocs = false) {
    if (ids.length === 0) return []
    const keys = ids.map((id) => `refused:${nodeName}:${id}`)
    return this.nodes.allDocs<RefusalDocument>({ keys, includeDocs })
  }

  async #entries(nodeName: string, refusals: readonly Refusal[]): Promise<Map<string, Stored<RefusalDocument>>> {
    const ids = refusals.map(({ id }) => id)
    const rows = await this.#among(nodeName, ids, true)
    return new Map(rows.flatMap(({ doc }) => (doc ? [[doc.docId, doc] as const] : [])))
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
