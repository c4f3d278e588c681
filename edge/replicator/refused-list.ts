import type { AbstractLevel } from 'abstract-level'
import type { RefusedDocument } from '../../schemas/generated/types'
import { ON_DISK } from '../store/state'

/** The edge's own database, or a part of it, with text keys and JSON values. */
export type RefusedStore = AbstractLevel<string | Buffer | Uint8Array, string, RefusedDocument>

/** What the hub said about a document that it did not take. */
export interface RefusedRow {
  id: string
  rev: string
  error: string
  reason: string
}

/**
 * Law 4: documents that the hub refused, with the reason, until it takes them. Kept on the disk before the checkpoint
 * passes them.
 */
export class RefusedList {
  #count = 0

  private constructor(readonly store: RefusedStore) {}

  static async open(store: RefusedStore): Promise<RefusedList> {
    const list = new RefusedList(store)
    for await (const _ of store.keys()) list.#count++
    return list
  }

  get count(): number {
    return this.#count
  }

  async record(rows: readonly RefusedRow[], at: string): Promise<void> {
    const earlier = await this.store.getMany(rows.map((row) => row.id))
    const entries = rows.map((row, index) => ({
      type: 'put' as const,
      key: row.id,
      value: {
        id: row.id,
        rev: row.rev,
        code: row.error,
        reason: row.reason,
        at,
        attempts: (earlier[index]?.attempts ?? 0) + 1,
      },
    }))
    await this.store.batch(entries, ON_DISK)
    this.#count += earlier.filter((entry) => entry === undefined).length
  }

  /** Those of these ids that are on the list. */
  async find(ids: readonly string[]): Promise<RefusedDocument[]> {
    return (await this.store.getMany([...ids])).filter((entry) => entry !== undefined)
  }

  /** The hub has taken these: whichever of them stood on the list is off it. */
  async clear(ids: readonly string[]): Promise<void> {
    if (this.#count === 0) return
    const found = await this.find(ids)
    if (found.length === 0) return
    await this.store.batch(
      found.map(({ id }) => ({ type: 'del' as const, key: id })),
      ON_DISK,
    )
    this.#count -= found.length
  }

  /** In the order of their ids, from after `after`. */
  async page(after: string, limit: number): Promise<RefusedDocument[]> {
    const entries: RefusedDocument[] = []
    for await (const entry of this.store.values({ gt: after, limit })) entries.push(entry)
    return entries
  }
}
