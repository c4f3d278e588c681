import { CodedError } from '../../protocol/error-codes'
import { backOffMs, pause } from '../../runtime/back-off'
import type { Log } from '../../runtime/log'
import type { Stoppable } from '../../runtime/service'
import type { DisclosureList } from '../../schemas/generated/types'
import type { KeptDisclosures } from './kept-disclosures'

const DAY_MS = 24 * 60 * 60_000
const PAGE = 1_000

/** After a failure: nobody waits for it. */
const PACE = { firstMs: 5 * 60_000, mostMs: 6 * 60 * 60_000 }

export interface DisclosureWatchOptions {
  kept: KeptDisclosures
  /** `GET /node/disclosures` of the hub. Throws where there is no usable answer; the message is a sentence for a person. */
  ask(query: URLSearchParams, signal: AbortSignal): Promise<DisclosureList>
  /** When the hub was last asked and had answered everything, kept over restarts. */
  askedAt: { read(): Promise<string | undefined>; keep(at: string): Promise<void> }
  log: Log
  now?: () => Date
  random?: () => number
}

/** Asks the hub once a day, and whenever somebody wants to know, who has read this facility's records. */
export class DisclosureWatch implements Stoppable {
  readonly #options: DisclosureWatchOptions
  readonly #now: () => Date
  readonly #stopper = new AbortController()
  readonly #loop: Promise<void>
  #asking: Promise<number> | undefined
  #wake = new AbortController()

  constructor(options: DisclosureWatchOptions) {
    this.#options = options
    this.#now = options.now ?? (() => new Date())
    this.#loop = this.#run()
  }

  /** The link is back, or the facility is registered by now. */
  retryNow(): void {
    this.#wake.abort()
  }

  /** Asks now; how many were new. Throws HUB_UNREACHABLE. Requests that come together wait for one answer. */
  async refresh(): Promise<number> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined
    })
    try {
      return await this.#asking
    } catch (cause) {
      throw new CodedError('HUB_UNREACHABLE', cause instanceof Error ? cause.message : 'The hub does not answer.', {
        cause,
      })
    }
  }

  async stop(): Promise<void> {
    this.#stopper.abort()
    await this.#loop
    await this.#asking?.catch(() => undefined)
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopper
    for (let failures = 0; !signal.aborted; ) {
      this.#wake = new AbortController()
      const dueMs = await this.#dueMs()
      if (dueMs <= 0) {
        try {
          await this.refresh()
          failures = 0
          continue
        } catch (error) {
          if (signal.aborted) return
          failures += 1
          this.#options.log.debug({ err: error }, 'who read records could not be asked; asking again later')
        }
      }
      const waitMs = failures > 0 ? backOffMs(failures, PACE, this.#options.random ?? Math.random) : dueMs
      await pause(waitMs, AbortSignal.any([signal, this.#wake.signal]))
    }
  }

  /** A moment that lies ahead comes from a clock that was set back. */
  async #dueMs(): Promise<number> {
    const askedAt = await this.#options.askedAt.read()
    if (askedAt === undefined) return 0
    const sinceMs = this.#now().getTime() - Date.parse(askedAt)
    return sinceMs < 0 ? 0 : DAY_MS - sinceMs
  }

  async #ask(): Promise<number> {
    const { kept, ask, askedAt, log } = this.#options
    const startedAt = this.#now().toISOString()
    const newestAt = await kept.newestAt()
    // Gateways' clocks differ, and an entry may have been on its way: what is asked for overlaps with what is here.
    const from = newestAt === undefined ? undefined : new Date(Date.parse(newestAt) - DAY_MS).toISOString()
    let fresh = 0
    let cursor: string | undefined
    do {
      const query = new URLSearchParams({ limit: String(PAGE), ...(from && { from }), ...(cursor && { cursor }) })
      const { disclosures, next } = await ask(query, this.#stopper.signal)
      fresh += await kept.keep(disclosures)
      // The same again would go on for ever.
      cursor = next === cursor ? undefined : next
    } while (cursor !== undefined)
    await askedAt.keep(startedAt)
    if (fresh > 0) log.info({ fresh }, 'other facilities have read records of this one')
    return fresh
  }
}
