/** Aborts once nothing has happened for too long (R13). */
export class Silence {
  readonly #aborter = new AbortController()
  #timer: NodeJS.Timeout

  constructor(private readonly mostMs: number) {
    this.#timer = setTimeout(() => this.#aborter.abort(new Error('no progress')), mostMs)
  }

  get signal(): AbortSignal {
    return this.#aborter.signal
  }

  /** Something happened; what comes next may take longer by `moreMs`. */
  broken(moreMs = 0): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#aborter.abort(new Error('no progress')), this.mostMs + moreMs)
  }

  end(): void {
    clearTimeout(this.#timer)
  }
}
