/** How long an answer waits for what has come since. */
const PATIENCE_MS = 250
/** How long the first one after a start waits: nobody has looked at the index yet. */
const FIRST_PATIENCE_MS = 5_000

/**
 * What an index is known to hold: everything that had arrived at a moment. It is looked at whenever somebody asks; bringing it up to date is
 * waited for a moment and no longer, since after a big push that takes minutes, and then goes on by itself.
 */
export class Freshness {
  #asOf: Date | undefined
  #running: Promise<void> | undefined

  /**
   * @param bringUpToDate  ends when the index has all that was there when it was called
   */
  constructor(
    private readonly bringUpToDate: () => Promise<unknown>,
    private readonly now: () => Date,
  ) {}

  /** Undefined as long as the index was never whole, as far as this process knows. */
  async asOf(): Promise<Date | undefined> {
    this.#running ??= this.#bring()
    const patienceMs = this.#asOf === undefined ? FIRST_PATIENCE_MS : PATIENCE_MS
    let timer: NodeJS.Timeout | undefined
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patienceMs)
    })
    await Promise.race([this.#running, patience])
    clearTimeout(timer)
    return this.#asOf
  }

  async #bring(): Promise<void> {
    const begunAt = this.now()
    try {
      await this.bringUpToDate()
      this.#asOf = begunAt
    } catch {
      // It takes longer than an answer may, or the database is away: whoever asks the view is told that himself.
    } finally {
      this.#running = undefined
    }
  }
}
