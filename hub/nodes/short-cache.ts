/** A suspension is to be seen at every gateway within 5 s. */
const FRESH_MS = 3_000
const MOST = 2_000

/**
 * What the gates ask of the database at every request, remembered for a moment. Requests that come together wait for
 * one read. What is not there is asked for each time: it may just be made.
 */
export class ShortCache<T> {
  readonly #read: (name: string) => Promise<T | undefined>
  readonly #nowMs: () => number
  readonly #entries = new Map<string, { readAtMs: number; value: Promise<T | undefined> }>()

  constructor(read: (name: string) => Promise<T | undefined>, nowMs: () => number = () => performance.now()) {
    this.#read = read
    this.#nowMs = nowMs
  }

  /** What `get` gave lately; undefined where it would have to be read. */
  async known(name: string): Promise<T | undefined> {
    const entry = this.#entries.get(name)
    return entry && this.#nowMs() - entry.readAtMs < FRESH_MS ? entry.value : undefined
  }

  async get(name: string): Promise<T | undefined> {
    const entry = this.#entries.get(name)
    if (entry && this.#nowMs() - entry.readAtMs < FRESH_MS) return entry.value
    const fresh = { readAtMs: this.#nowMs(), value: this.#read(name) }
    if (this.#entries.size >= MOST) this.#entries.clear()
    this.#entries.set(name, fresh)
    const forget = () => {
      if (this.#entries.get(name) === fresh) this.#entries.delete(name)
    }
    try {
      const value = await fresh.value
      if (value === undefined) forget()
      return value
    } catch (error) {
      forget()
      throw error
    }
  }
}
