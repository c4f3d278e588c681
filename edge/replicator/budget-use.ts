import type { AbstractLevel } from 'abstract-level'
import { localDayOf } from './local-day'

/** A part of the edge's state: bytes by local day. */
export type BudgetStore = AbstractLevel<string | Buffer | Uint8Array, string, number>

/** A clock that is set right finds the days again that it had before. */
const DAYS_KEPT = 7
/** What a crash may leave uncounted. */
const KEEP_EVERY_BYTES = 64 * 1024

/** The bytes of each day, as the clock on the wall has days; they survive restarts. */
export class BudgetUse {
  readonly #unkept = new Set<string>()
  #unkeptBytes = 0
  #keeping: Promise<void> = Promise.resolve()

  private constructor(
    private readonly store: BudgetStore,
    private readonly days: Map<string, number>,
  ) {}

  static async open(store: BudgetStore): Promise<BudgetUse> {
    const days = new Map<string, number>()
    for await (const [day, bytes] of store.iterator()) days.set(day, bytes)
    return new BudgetUse(store, days)
  }

  on(now: Date): number {
    return this.days.get(localDayOf(now)) ?? 0
  }

  /** Newest first; a week at most. */
  all(): { day: string; bytes: number }[] {
    const newest = [...this.days.keys()].sort().reverse().slice(0, DAYS_KEPT)
    return newest.map((day) => ({ day, bytes: this.days.get(day) ?? 0 }))
  }

  /** Counted at once; on the disk after a while, and with `keep`. */
  add(bytes: number, now: Date): void {
    const day = localDayOf(now)
    this.days.set(day, (this.days.get(day) ?? 0) + bytes)
    this.#unkept.add(day)
    this.#unkeptBytes += bytes
    if (this.#unkeptBytes >= KEEP_EVERY_BYTES) void this.keep().catch(() => undefined)
  }

  keep(): Promise<void> {
    this.#keeping = this.#keeping.catch(() => undefined).then(() => this.#write())
    return this.#keeping
  }

  async #write(): Promise<void> {
    const changed = [...this.#unkept]
    this.#unkept.clear()
    this.#unkeptBytes = 0
    const old = [...this.days.keys()].sort().slice(0, -DAYS_KEPT)
    for (const day of old) this.days.delete(day)
    await this.store.batch([
      ...changed.map((key) => ({ type: 'put' as const, key, value: this.days.get(key) ?? 0 })),
      ...old.map((key) => ({ type: 'del' as const, key })),
    ])
  }
}
