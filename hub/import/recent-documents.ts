import type { StoredRecord } from './stored-record'

/** What a facility changes of its own is seen this late at the most; caches of the gateway are under 5 s (law 9). */
const FRESH_MS = 3_000
const MOST = 1_000
/** A larger one is read each time. */
const MOST_BYTES = 16 * 1024

interface Known {
  readAtMs: number
  /** Undefined: there was none. */
  record: StoredRecord | undefined
}

/**
 * Documents that belong to facilities, remembered for a moment. All records of a facility refer to the same few people and
 * places, so where imports come one after the other they are read once and not for each.
 */
export class RecentDocuments {
  readonly #known = new Map<string, Known>()

  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  /** Those of the ids that there are; `read` is asked for what is not known. */
  async get(
    ids: readonly string[],
    take: (bytes: number) => void,
    read: (ids: readonly string[]) => Promise<StoredRecord[]>,
  ): Promise<StoredRecord[]> {
    const now = this.nowMs()
    const found: StoredRecord[] = []
    const missing: string[] = []
    for (const id of ids) {
      const known = this.#known.get(id)
      if (!known || now - known.readAtMs >= FRESH_MS) missing.push(id)
      else if (known.record) found.push(known.record)
    }
    for (const { bytes } of found) take(bytes)
    if (missing.length === 0) return found
    const records = await read(missing)
    this.#remember(missing, records, now)
    return [...found, ...records]
  }

  #remember(ids: readonly string[], records: readonly StoredRecord[], readAtMs: number): void {
    if (this.#known.size + ids.length > MOST) this.#known.clear()
    if (ids.length > MOST) return
    const byId = new Map(records.map((record) => [record.id, record]))
    for (const id of ids) {
      const record = byId.get(id)
      if ((record?.bytes ?? 0) <= MOST_BYTES) this.#known.set(id, { readAtMs, record: record?.alone() })
    }
  }
}
