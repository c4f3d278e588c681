import { pause } from '../../../runtime/back-off'
import type { Log } from '../../../runtime/log'
import type { Stoppable } from '../../../runtime/service'
import type { CouchDatabase } from '../../couch/couch-database'
import { DAYS_KEPT } from './kept-reports'
import { dayOf } from './series-point'

const LOOK_EVERY_MS = 60 * 60_000
/** In one look: a country of 400 facilities has 400 a day. */
const MOST_REMOVED = 1_000
const AT_ONCE = 200
const DAY_MS = 24 * 3_600_000

/**
 * Removes days of the series that are past, a bounded number an hour. Any gateway does, and remembers nothing that it needs
 * (law 9): what two of them remove at a time is a conflict for one of them.
 */
export class OldDays implements Stoppable {
  readonly #stopper = new AbortController()
  readonly #loop: Promise<void>

  constructor(
    private readonly nodes: Pick<CouchDatabase, 'allDocs' | 'bulk'>,
    private readonly log: Pick<Log, 'warn'>,
    lookEveryMs = LOOK_EVERY_MS,
  ) {
    this.#loop = this.#run(lookEveryMs)
  }

  async stop(): Promise<void> {
    this.#stopper.abort()
    await this.#loop
  }

  async #run(lookEveryMs: number): Promise<void> {
    const { signal } = this.#stopper
    for (;;) {
      await pause(lookEveryMs, signal)
      if (signal.aborted) return
      await removeOldDays(this.nodes, new Date()).catch((error: unknown) => {
        this.log.warn({ err: error }, 'old days of the reports could not be removed; it is tried again')
      })
    }
  }
}

/** How many documents are gone. */
export async function removeOldDays(
  nodes: Pick<CouchDatabase, 'allDocs' | 'bulk'>,
  now: Date,
  most = MOST_REMOVED,
): Promise<number> {
  const first = dayOf(new Date(now.getTime() - DAYS_KEPT * DAY_MS).toISOString())
  let removed = 0
  while (removed < most) {
    const limit = Math.min(AT_ONCE, most - removed)
    const rows = await nodes.allDocs({ startkey: 'series:', endkey: `series:${first}`, limit })
    if (rows.length === 0) break
    const results = await nodes.bulk(rows.map(({ id, value }) => ({ _id: id, _rev: value.rev, _deleted: true })))
    removed += rows.length
    // Another gateway is at it.
    if (results.some(({ error }) => error !== undefined)) break
  }
  return removed
}
