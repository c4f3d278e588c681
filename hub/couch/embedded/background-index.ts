import { pause } from '../../../runtime/back-off'
import type { Log } from '../../../runtime/log'
import type { Databases } from './databases'

/** Writes that come without such a pause are a push, which indexing would only slow down. */
const QUIET_MS = 1_000
/** After a big push a view takes minutes, and whoever stops has seconds; it goes on where it was at the next start. */
const STOP_MS = 2_000
const LOOK_EVERY_MS = 500

interface DesignDoc {
  readonly views?: Readonly<Record<string, unknown>>
}

/**
 * Brings views up to date once writes pause, as CouchDB does by itself (its "ken"). PouchDB does it only when a view is
 * asked, and then whoever asks first after a big push waits for all of it.
 */
export class BackgroundIndex {
  readonly #timers = new Map<string, NodeJS.Timeout>()
  #running: Promise<void> = Promise.resolve()
  readonly #stopper = new AbortController()

  constructor(
    private readonly databases: Databases,
    private readonly log: Log,
  ) {}

  written(name: string): void {
    clearTimeout(this.#timers.get(name))
    if (this.#stopper.signal.aborted) return
    const begin = () => {
      this.#running = this.#running.then(() => this.#index(name))
    }
    this.#timers.set(name, setTimeout(begin, QUIET_MS).unref())
  }

  /** Waits for the view that is being brought up to date, unless that takes long. */
  async stop(): Promise<void> {
    this.#stopper.abort()
    for (const timer of this.#timers.values()) clearTimeout(timer)
    const isDone = new AbortController()
    await Promise.race([this.#running, pause(STOP_MS, isDone.signal)])
    isDone.abort()
  }

  async #index(name: string): Promise<void> {
    if (this.#stopper.signal.aborted || !this.databases.has(name)) return
    try {
      const database = this.databases.open(name)
      const { rows } = await database.allDocs({ startkey: '_design/', endkey: '_design0', include_docs: true })
      for (const { id, doc } of rows) {
        for (const view of Object.keys((doc as DesignDoc | undefined)?.views ?? {})) {
          if (this.#stopper.signal.aborted) return
          const asked = database.query(`${id.slice('_design/'.length)}/${view}`, { limit: 0 })
          if (!(await this.#answered(asked, () => this.databases.isOpen(name, database)))) return
        }
      }
    } catch (error) {
      // The database may have been destroyed; and whoever asks the view meets the fault himself.
      this.log.warn({ err: error, database: name }, 'a view could not be brought up to date')
    }
  }

  /** False at a stop, and where the database is gone: PouchDB then never answers what it was asked before. */
  async #answered(asked: Promise<unknown>, isThere: () => boolean): Promise<boolean> {
    const isDone = new AbortController()
    const answer = asked.then(() => true).finally(() => isDone.abort())
    const isMeant = () => !isDone.signal.aborted && !this.#stopper.signal.aborted && isThere()
    while (isMeant()) await Promise.race([answer, pause(LOOK_EVERY_MS, isDone.signal)])
    if (isDone.signal.aborted) return answer
    answer.catch(() => undefined)
    return false
  }
}
