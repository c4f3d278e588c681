import { Turns } from '../../runtime/turns'
import type { SumRow, Sums } from './read-counts'

/** Older counts are waited for, however long that takes. */
const KEPT_MS = 10 * 60_000
/** Of all that is kept together: some twenty questions about every facility. A range without rows counts as one. */
const MOST_ROWS_KEPT = 20_000
/** Ranges that CouchDB adds up at a time, also for those who have their answer already; pushes and imports go on beside them. */
const READ_AT_ONCE = 4
/** Whoever asked: those who ask take turns before. */
const IN_ORDER = ''

export interface SumsAsOf {
  readonly rows: readonly SumRow[]
  /** What had arrived by then is in them. */
  readonly asOf: Date
}

interface Kept {
  latest?: SumsAsOf & { readonly atMs: number }
  running?: Promise<SumsAsOf>
}

/**
 * Ranges of a view that were read a while ago. Each question reads its range anew, and waits for it no longer than an answer may take: whoever asks again, or asks the same by district
 * that he asked by facility, is then told what was read before, and as of when. What is being read is shared by all who ask meanwhile.
 */
export class RecentSums {
  /** The one that was asked for last stands last. */
  readonly #kept = new Map<string, Kept>()
  readonly #turns = new Turns(READ_AT_ONCE)

  constructor(
    private readonly sums: Sums,
    private readonly nowMs: () => number,
  ) {}

  /**
   * @param asOf  what the index is known to hold now
   * @param patienceMs  how long it is waited for, where there is something to say already
   */
  async read(selection: Parameters<Sums>[0], asOf: Date, patienceMs: number): Promise<SumsAsOf> {
    const name = JSON.stringify(selection)
    const kept: Kept = this.#kept.get(name) ?? {}
    this.#kept.delete(name)
    this.#kept.set(name, kept)
    const { latest } = kept
    const isUsable = latest !== undefined && this.nowMs() - latest.atMs <= KEPT_MS
    // Reading anew would only make the queue longer.
    if (isUsable && kept.running === undefined && this.#turns.waiting > 0) return latest
    kept.running ??= this.#reading(name, kept, selection, asOf)
    const { running } = kept
    if (!isUsable) return running
    return inTime(running, latest, patienceMs)
  }

  async #reading(name: string, kept: Kept, selection: Parameters<Sums>[0], asOf: Date): Promise<SumsAsOf> {
    try {
      const read = { rows: await this.#turns.take(IN_ORDER, () => this.sums(selection)), asOf }
      kept.latest = { ...read, atMs: this.nowMs() }
      this.#forget()
      return read
    } catch (error) {
      if (kept.latest === undefined && this.#kept.get(name) === kept) this.#kept.delete(name)
      throw error
    } finally {
      delete kept.running
    }
  }

  /** What nobody has asked for the longest goes first. */
  #forget(): void {
    let rows = 0
    for (const kept of this.#kept.values()) rows += weightOf(kept)
    for (const [name, kept] of this.#kept) {
      const { latest, running } = kept
      const isOld = latest !== undefined && this.nowMs() - latest.atMs > KEPT_MS
      if ((rows <= MOST_ROWS_KEPT && !isOld) || running !== undefined) continue
      this.#kept.delete(name)
      rows -= weightOf(kept)
    }
  }
}

function weightOf({ latest }: Kept): number {
  return Math.max(latest?.rows.length ?? 0, 1)
}

/** What is read now, or what was, if that takes too long. */
async function inTime(running: Promise<SumsAsOf>, latest: SumsAsOf, patienceMs: number): Promise<SumsAsOf> {
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<SumsAsOf>((resolve) => {
    timer = setTimeout(() => resolve(latest), patienceMs)
  })
  // Who comes next is told if it fails.
  running.catch(() => undefined)
  try {
    return await Promise.race([running, patience])
  } finally {
    clearTimeout(timer)
  }
}
