import type { SeenDocument } from '../../schemas/generated/types'
import { isSeenDocument } from '../../schemas/generated/validators'
import { changeDocument, type Database, endOf, stored } from './database'

/** Written so rarely that 400 nodes cost the database about one write a second. */
const EVERY_MS = 5 * 60_000
const MOST = 10_000

/** When each node was last let in, for operators: `seen:<nodeName>` in `nodes`, to a few minutes. */
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
