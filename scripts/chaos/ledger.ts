import type { Bundle } from 'fhir/r4'
import { documentIdOf, placeOfResource } from '../../protocol/ids'
import type { Feed, Revisions } from './store-feed'

/**
 * What the edge has acknowledged, write by write: a resource that was loaded, and a revision that was made. Who loads is
 * told no revision; so what was loaded is known by the id that it had before.
 */
export class Ledger {
  /** `Patient/<id of before>`, or `<type>:<local>`. */
  readonly #loaded = new Set<string>()
  readonly #made = new Map<string, string[]>()

  load({ entry = [] }: Bundle): void {
    for (const { resource } of entry) {
      if (!resource) continue
      const { resourceType: type, id = '' } = resource
      this.#loaded.add(type === 'Patient' ? `Patient/${id}` : `${type}:${id}`)
    }
  }

  /** An update or a deletion, by the ETag of its answer. */
  change(type: string, id: string, etag: string | null): void {
    const place = placeOfResource(type, id)
    const rev = /^W\/"(.+)"$/.exec(etag ?? '')?.[1]
    if (!place || rev === undefined) throw new Error(`an answer about ${type} without a revision`)
    const documentId = documentIdOf(place)
    // An update that changes nothing is answered with the revision that is there.
    this.#made.set(documentId, [...new Set(this.#made.get(documentId)).add(rev)])
  }

  get count(): number {
    return this.#loaded.size + [...this.#made.values()].reduce((sum, revs) => sum + revs.length, 0)
  }

  get made(): Revisions {
    return this.#made
  }

  /** What was loaded and is not in the feed. */
  notIn(feed: Feed): string[] {
    const there = new Set([...feed].map(([id, { sourceId }]) => sourceId ?? id.slice(id.indexOf(':') + 1)))
    return [...this.#loaded].filter((key) => !there.has(key))
  }

  /** The edge has lost these with its disk: nobody asks it for them any more. */
  strike(loaded: readonly string[], made: ReadonlySet<string>): void {
    for (const key of loaded) this.#loaded.delete(key)
    for (const [id, revs] of this.#made) {
      const kept = revs.filter((rev) => !made.has(`${id} ${rev}`))
      if (kept.length > 0) this.#made.set(id, kept)
      else this.#made.delete(id)
    }
  }
}
