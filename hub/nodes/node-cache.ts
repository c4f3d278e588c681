import type { NodeDocument } from '../../schemas/generated/types'

/** A suspension is to be seen at every gateway within 5 s. */
const FRESH_MS = 3_000
const MOST = 2_000

/** Node documents for the gates, which ask at every request. A node that is not there is asked for each time. */
export class NodeCache {
  readonly #read: (nodeName: string) => Promise<NodeDocument | undefined>
  readonly #nowMs: () => number
  readonly #entries = new Map<string, { readAtMs: number; node: Promise<NodeDocument | undefined> }>()

  constructor(
    read: (nodeName: string) => Promise<NodeDocument | undefined>,
    nowMs: () => number = () => performance.now(),
  ) {
    this.#read = read
    this.#nowMs = nowMs
  }

  async get(nodeName: string): Promise<NodeDocument | undefined> {
    const entry = this.#entries.get(nodeName)
    if (entry && this.#nowMs() - entry.readAtMs < FRESH_MS) return entry.node
    const fresh = { readAtMs: this.#nowMs(), node: this.#read(nodeName) }
    if (this.#entries.size >= MOST) this.#entries.clear()
    this.#entries.set(nodeName, fresh)
    const forget = () => {
      if (this.#entries.get(nodeName) === fresh) this.#entries.delete(nodeName)
    }
    try {
      const node = await fresh.node
      if (node === undefined) forget()
      return node
    } catch (error) {
      forget()
      throw error
    }
  }
}
