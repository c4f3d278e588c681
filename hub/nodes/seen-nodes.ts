import type { SeenDocument } from '../../schemas/generated/types'
import { isSeenDocument } from '../../schemas/generated/validators'
import { changeDocument, type Database, endOf, stored } from './database'

/** Written so rarely that 400 nodes cost the database about one write a second. */
const EVERY_MS = 5 * 60_000
const MOST = 10_000

/**
 * What the hub knows of each node from its calls alone, `seen:<nodeName>` in `nodes`: when it was last let in, to a few
 * minutes, and the highest MRN counter that it ever told. Belongs to the facility and not to its machine: a new machine
 * that takes the place of an old one gets the old one's floor.
 */
export class SeenNodes {
  readonly #notedAtMs = new Map<string, number>()

  constructor(
    private readonly nodes: Database,
    private readonly onError: (error: unknown) => void,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /** Returns at once. Nobody waits for the note, and one that fails is made at the next time. */
  note(nodeName: string): void {
    const nowMs = this.now().getTime()
    if (nowMs - (this.#notedAtMs.get(nodeName) ?? Number.NEGATIVE_INFINITY) < EVERY_MS) return
    if (this.#notedAtMs.size >= MOST) this.#notedAtMs.clear()
    this.#notedAtMs.set(nodeName, nowMs)
    this.#write(nodeName, new Date(nowMs).toISOString()).catch((error: unknown) => {
      this.#notedAtMs.delete(nodeName)
      this.onError(error)
    })
  }

  /**
   * The highest counter that was ever told, `mrnCounter` among them, which is stored when this resolves: what a gateway
   * has answered once, none goes below.
   */
  async raise(nodeName: string, mrnCounter: number): Promise<number> {
    const at = this.now().toISOString()
    const id = `seen:${nodeName}`
    const { mrnCounter: highest } = await changeDocument<SeenDocument, SeenDocument>(
      this.nodes,
      id,
      asSeen,
      (current) =>
        current && (current.mrnCounter ?? 0) >= mrnCounter
          ? current
          : { ...(current ?? { _id: id, kind: 'seen', nodeName, at }), mrnCounter },
    )
    return highest ?? 0
  }

  /** 0 where none was told. */
  async mrnFloor(nodeName: string): Promise<number> {
    const found = await this.nodes.get(`seen:${nodeName}`)
    return found === undefined ? 0 : (asSeen(found).mrnCounter ?? 0)
  }

  /** When it was last let in. */
  async at(nodeName: string): Promise<string | undefined> {
    const found = await this.nodes.get(`seen:${nodeName}`)
    return found === undefined ? undefined : asSeen(found).at
  }

  async all(): Promise<Map<string, string>> {
    const found = (await this.nodes.range('seen:', endOf('seen:'))).map(asSeen)
    return new Map(found.map(({ nodeName, at }) => [nodeName, at]))
  }

  async #write(nodeName: string, at: string): Promise<void> {
    const id = `seen:${nodeName}`
    await changeDocument<SeenDocument, SeenDocument>(this.nodes, id, asSeen, (current) =>
      // Another gateway may have seen it later.
      current && current.at >= at ? current : { ...current, _id: id, kind: 'seen', nodeName, at },
    )
  }
}

function asSeen(document: unknown): SeenDocument {
  return stored(isSeenDocument, document, 'seen')
}
