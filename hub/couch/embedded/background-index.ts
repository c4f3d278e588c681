import type { Log } from '../../../runtime/log'
import type { Databases } from './databases'

/** Writes that come without such a pause are a push, which indexing would only slow down. */
const QUIET_MS = 1_000

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
  #stopped = false

  constructor(
    private readonly databases: Databases,
    private readonly log: Log,
  ) {}

  written(name: string): void {
    clearTimeout(this.#timers.get(name))
    if (this.#stopped) return
    const begin = () => {
      this.#running = this.#running.then(() => this.#index(name))
    }
    this.#timers.set(name, setTimeout(begin, QUIET_MS).unref())
  }

  /** Waits for the view that is being brought up to date. */
  async stop(): Promise<void> {
    this.#stopped = true
    for (const timer of this.#timers.values()) clearTimeout(timer)
    await this.#running
  }

  async #index(name: string): Promise<void> {
    if (this.#stopped || !this.databases.has(name)) return
    try {
      const database = this.databases.open(name)
      const { rows } = await database.allDocs({ startkey: '_design/', endkey: '_design0', include_docs: true })
      for (const { id, doc } of rows) {
        for (const view of Object.keys((doc as DesignDoc | undefined)?.views ?? {})) {
          if (this.#stopped) return
          await database.query(`${id.slice('_design/'.length)}/${view}`, { limit: 0 })
        }
      }
    } catch (error) {
      // The database may have been destroyed; and whoever asks the view meets the fault himself.
      this.log.warn({ err: error, database: name }, 'a view could not be brought up to date')
    }
  }
}
