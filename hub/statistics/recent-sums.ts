import type { SumRow, Sums } from './read-counts'

/** Older counts are waited for, however long that takes. */
const KEPT_MS = 10 * 60_000
/** Of all that is kept together: some twenty questions about every facility. */
const MOST_ROWS_KEPT = 20_000

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
    kept.running ??= this.#reading(name, kept, selection, asOf)
    const { latest, running } = kept
    if (latest === undefined || this.nowMs() - latest.atMs > KEPT_MS) return running
    return inTime(running, latest, patienceMs)
  }

  async #reading(name: string, kept: Kept, selection: Parameters<Sums>[0], asOf: Date): Promise<SumsAsOf> {
    try {
      const read = { rows: await this.sums(selection), asOf }
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
    for (const [name, { latest, running }] of [...this.#kept].reverse()) {
      rows += latest?.rows.length ?? 0
      const isOld = latest !== undefined && this.nowMs() - latest.atMs > KEPT_MS
      if ((rows > MOST_ROWS_KEPT || isOld) && running === undefined) this.#kept.delete(name)
    }
  }
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
