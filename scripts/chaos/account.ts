import { differencesOf, documentsOfEdge, documentsOfHub } from '../../test/support/compare'
import type { RunningHub } from '../../test/support/hub'
import type { Ledger } from './ledger'
import {
  bornTwice,
  type EdgeFiles,
  type Feed,
  lacksAtHub,
  nameOf,
  newestOf,
  type Revisions,
  withFiles,
} from './store-feed'

/** What must be where, after all that has happened to the disks of both ends. */
export interface Verdict {
  /** Of the writes that the edge acknowledged and has not lost with a disk. */
  acknowledged: number
  atEdge: number
  atHub: number
  /** Lost with the edge's disk, and kept by the hub, as it should. */
  heldByHub: number
  /** Lost with the edge's disk, before they were sent or with the hub's disk too. */
  lost: number
  documents: number
  wrong: Record<string, string[]>
}

/**
 * The books of one facility. A disk that is put back to an older copy takes writes with it: those that the hub has
 * by then stay at the hub, and may differ from what the edge works on from there.
 */
export class Account {
  /** No longer at the edge. */
  readonly #held = new Map<string, Set<string>>()
  /** What a disk or a clone has taken apart: the hub may have more of it, or another winner. */
  readonly #mayDiffer = new Set<string>()
  readonly #wrong: string[] = []
  #lost = 0

  constructor(
    private readonly hub: RunningHub,
    private readonly ledger: Ledger,
  ) {}

  /** The edge is stopped; `restore` puts its data back. */
  async edgeRestored(dataFolder: string, restore: () => Promise<void>): Promise<void> {
    const before = await withFiles(dataFolder, async (files) => {
      this.#wrong.push(...(await this.#missingAt(files)))
      return files.feed()
    })
    const lackedByHub = await lacksAtHub(this.hub, newestOf(before))
    await restore()
    await withFiles(dataFolder, async (files) => {
      const after = await files.feed()
      const made = await files.lacks(this.ledger.made)
      this.ledger.strike(this.ledger.notIn(after), made)
      for (const [id, { rev }] of before) {
        if (after.get(id)?.rev === rev) continue
        this.#mayDiffer.add(id)
        if (lackedByHub.has(nameOf(id, rev))) this.#lost++
        else this.#held.set(id, new Set(this.#held.get(id)).add(rev))
      }
    })
  }

  /** What only the hub had is gone with its disk where that was put back too. */
  async hubRestored(): Promise<void> {
    const lacking = await lacksAtHub(this.hub, this.#heldRevisions())
    for (const [id, revs] of this.#held) {
      const kept = [...revs].filter((rev) => !lacking.has(nameOf(id, rev)))
      this.#lost += revs.size - kept.length
      if (kept.length > 0) this.#held.set(id, new Set(kept))
      else this.#held.delete(id)
    }
  }

  /** A clone is stopped: what it has written is the hub's, as far as it came. */
  async cloneEnded(clonesFolder: string, copied: Feed): Promise<void> {
    const feed = await withFiles(clonesFolder, (files) => files.feed())
    for (const [id, { rev }] of feed) if (copied.get(id)?.rev !== rev) this.#mayDiffer.add(id)
  }

  /** The edge is stopped, and says that all has arrived. */
  async verdict(dataFolder: string): Promise<Verdict> {
    const hubDocuments = await documentsOfHub(this.hub)
    const { wrong, feed, atEdge } = await withFiles(dataFolder, async (files) => {
      const missing = await this.#missingAt(files)
      const feed = await files.feed()
      return { wrong: [...this.#wrong, ...missing], feed, atEdge: this.ledger.count - missing.length }
    })
    const missingAtHub = await lacksAtHub(this.hub, newestOf(feed))
    const madeMissingAtHub = await lacksAtHub(this.hub, this.ledger.made)
    const atHub = new Map([...feed].filter(([id, { rev }]) => !missingAtHub.has(nameOf(id, rev))))
    const loadedMissingAtHub = this.ledger.notIn(atHub)
    const differences = differencesOf('101', await documentsOfEdge(dataFolder, '101'), hubDocuments)
    const twofold = [...hubDocuments].flatMap(([id, document]) => ('_conflicts' in (document as object) ? [id] : []))
    const unexpected = (ids: readonly string[]) => ids.filter((id) => !this.#mayDiffer.has(id))
    return {
      acknowledged: this.ledger.count,
      atEdge,
      atHub: this.ledger.count - madeMissingAtHub.size - loadedMissingAtHub.length,
      heldByHub: [...this.#held.values()].reduce((sum, revs) => sum + revs.size, 0),
      lost: this.#lost,
      documents: feed.size,
      wrong: {
        acknowledgedAndNotAtEdge: wrong,
        acknowledgedAndNotAtHub: [...madeMissingAtHub, ...loadedMissingAtHub],
        revisionsNotAtHub: [...missingAtHub],
        heldNoMore: [...(await lacksAtHub(this.hub, this.#heldRevisions()))],
        missingAtHub: unexpected(differences.missingAtHub),
        onlyAtHub: unexpected(differences.onlyAtHub),
        different: unexpected(differences.different),
        bornTwice: await bornTwice(this.hub, twofold),
      },
    }
  }

  async #missingAt(files: EdgeFiles): Promise<string[]> {
    return [...this.ledger.notIn(await files.feed()), ...(await files.lacks(this.ledger.made))]
  }

  #heldRevisions(): Revisions {
    return new Map([...this.#held].map(([id, revs]) => [id, [...revs]]))
  }
}
