import { readdirSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import PouchDB from 'pouchdb'
import { syncedLevelDown } from '../../../runtime/synced-leveldown'
import { isObject, Refusal } from './answer'

/** Who may what in a database (https://docs.couchdb.org/en/stable/api/database/security.html). */
export interface Security {
  readonly admins: { readonly names?: readonly string[]; readonly roles?: readonly string[] }
  readonly members: { readonly names?: readonly string[]; readonly roles?: readonly string[] }
}

/** What a database has until somebody sets another: CouchDB 3's default. */
const ADMIN_ONLY: Security = { admins: { roles: ['_admin'] }, members: { roles: ['_admin'] } }
const SECURITY_ID = '_local/_security'

type Database = PouchDB.Database<Record<string, unknown>>
type Constructor = { new (name: string): Database } & {
  allDbs?: (callback?: (error: null, names: string[]) => void) => Promise<string[]>
}

/**
 * The databases of a folder, each a LevelDB folder of its own: what is on the disk is what there is, so no list can
 * disagree with it after a crash.
 */
export class Databases {
  /** A constructor of its own for each store: express-pouchdb hangs its state on it. */
  readonly PouchDB: Constructor
  readonly #names: Set<string>
  readonly #open = new Map<string, Database>()
  #changing: Promise<unknown> = Promise.resolve()

  private constructor(folder: string) {
    this.PouchDB = PouchDB.defaults({
      adapter: 'leveldb',
      db: syncedLevelDown,
      prefix: `${folder}/`,
    }) as unknown as Constructor
    this.#names = new Set(
      readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && !entry.name.includes('-mrview-'))
        .map((entry) => entry.name),
    )
    // Where it is there already, express-pouchdb does not bring a list of its own.
    this.PouchDB.allDbs = (callback) => {
      callback?.(null, this.names())
      return Promise.resolve(this.names())
    }
  }

  static async in(folder: string): Promise<Databases> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    return new Databases(join(folder))
  }

  names(): string[] {
    return [...this.#names].sort()
  }

  has(name: string): boolean {
    return this.#names.has(name)
  }

  /** Whether this is still the database of this name. */
  isOpen(name: string, database: Database): boolean {
    return this.has(name) && this.#open.get(name) === database
  }

  open(name: string): Database {
    const open = this.#open.get(name) ?? new this.PouchDB(name)
    this.#open.set(name, open)
    return open
  }

  /** Two that opened one folder at the same moment would disturb each other. */
  create(name: string): Promise<void> {
    return this.#oneAtATime(async () => {
      if (this.has(name)) {
        throw new Refusal(412, 'file_exists', 'The database could not be created, the file already exists.')
      }
      await this.open(name).info()
      this.#names.add(name)
    })
  }

  /**
   * While `destroy` works the database is not there. PouchDB tells nobody which one it has destroyed: its events are
   * those of all stores in the process, by name alone.
   */
  destroyed(name: string, destroy: () => Promise<void>): Promise<void> {
    return this.#oneAtATime(async () => {
      this.#names.delete(name)
      this.#open.delete(name)
      await destroy()
    })
  }

  async document(name: string, id: string): Promise<Record<string, unknown> | undefined> {
    if (!this.has(name)) return undefined
    try {
      return await this.open(name).get(id)
    } catch (error) {
      if (isObject(error) && error['status'] === 404) return undefined
      throw error
    }
  }

  async securityOf(name: string): Promise<Security> {
    const stored = (await this.document(name, SECURITY_ID))?.['security']
    return stored ? (stored as Security) : ADMIN_ONLY
  }

  setSecurity(name: string, given: Record<string, unknown>): Promise<void> {
    const security = { admins: sectionOf(given['admins']), members: sectionOf(given['members']) }
    return this.#oneAtATime(async () => {
      const revision = (await this.document(name, SECURITY_ID))?.['_rev']
      await this.open(name).put({
        _id: SECURITY_ID,
        ...(typeof revision === 'string' && { _rev: revision }),
        security,
      })
    })
  }

  /** Closes what was opened here or by express-pouchdb: instances of one name share the files below. */
  async close(): Promise<void> {
    await this.#changing
    for (const name of this.#names) {
      try {
        await new this.PouchDB(name).close()
      } catch {
        // It was destroyed or closed at this moment.
      }
    }
  }

  #oneAtATime(change: () => Promise<void>): Promise<void> {
    const changed = this.#changing.then(change)
    this.#changing = changed.catch(() => undefined)
    return changed
  }
}

function sectionOf(value: unknown): { names: string[]; roles: string[] } {
  const { names = [], roles = [] } = isObject(value) ? value : {}
  if (!isTexts(names) || !isTexts(roles)) {
    throw new Refusal(400, 'bad_request', 'names and roles must be JSON lists of strings')
  }
  return { names, roles }
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
