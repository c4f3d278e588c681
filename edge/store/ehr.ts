import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { LevelDown } from 'leveldown'
import PouchDB from 'pouchdb'
import { syncedLevelDown } from '../../runtime/synced-leveldown'
import type { RecordDocument } from '../../schemas/generated/types'
import { type RawEntries, rawEntriesOf } from './raw-entries'

export type StoredDocument = RecordDocument & { _rev: string }

/** What stands under an id now. */
export type Stored =
  | { kind: 'present'; rev: string; document: StoredDocument }
  | { kind: 'deleted'; rev: string }
  | { kind: 'absent' }

export interface Write {
  id: string
  /** Undefined deletes what is there. */
  document: RecordDocument | undefined
  /** The revision that must be there now; undefined where nothing living may be there. */
  expectedRev: string | undefined
}

export type WriteOutcome =
  /** The new revisions, in the order of the writes. */
  { kind: 'written'; revs: string[] } | { kind: 'conflict'; id: string; found: Stored }

/** A version that was; of a compacted one no more is known than that. */
export interface Revision {
  rev: string
  kind: 'present' | 'deleted' | 'compacted'
}

/** A part of the documents of one partition, in the order of their ids. */
export interface Span {
  partition: string
  type?: string
  /** The `_id` to go on after. */
  after?: string
  limit?: number
}

/** As PouchDB answers with `revs_info`. */
interface WithRevisions {
  _revs_info?: { rev: string; status: string }[]
}

/** Of blocks of LevelDB, unpacked; the tables themselves are mapped, and so cached by the operating system besides. */
const CACHE_BYTES = 2 * 1024 * 1024

/** Lower than any character of an id: `<id> ` stands right after `<id>`. */
const RIGHT_AFTER = ' '

/**
 * The facility's records: PouchDB on LevelDB, every write on the disk before it is answered (law 3).
 *
 * Writes stand in one queue, so that what a plan has read is still so when its writes happen, and one plan is one batch
 * of LevelDB: all of it or nothing, whenever the process is killed.
 */
export class EhrStore {
  readonly #listeners = new Set<() => void>()
  #queue: Promise<unknown> = Promise.resolve()
  #stopping: Promise<void> | undefined

  private constructor(
    /** For reading alone, and for `_local` documents: whoever writes records goes through `write`. */
    readonly database: PouchDB.Database<RecordDocument>,
    /** What lies below it. */
    private readonly level: () => LevelDown | undefined,
  ) {}

  static async open(dataFolder: string): Promise<EhrStore> {
    await mkdir(dataFolder, { recursive: true, mode: 0o700 })
    let level: LevelDown | undefined
    const open = (location: string) => {
      level = syncedLevelDown(location)
      return level
    }
    const { destroy, repair } = syncedLevelDown
    const db = Object.assign(open, { destroy, repair })
    const options = { adapter: 'leveldb', db, prefix: '', cacheSize: CACHE_BYTES }
    const database = new PouchDB<RecordDocument>(join(resolve(dataFolder), 'ehr'), options)
    await database.info()
    return new EhrStore(database, () => level)
  }

  async get(id: string): Promise<Stored> {
    try {
      const document = await this.database.get(id)
      return { kind: 'present', rev: document._rev, document }
    } catch (error) {
      if (!isMissing(error)) throw error
      return error.reason === 'deleted' ? { kind: 'deleted', rev: await this.#deletedRev(id) } : { kind: 'absent' }
    }
  }

  /** One revision of a document, old or new; undefined where there is none, or its text is gone. */
  async getRevision(id: string, rev: string): Promise<StoredDocument | undefined> {
    try {
      return await this.database.get(id, { rev })
    } catch (error) {
      if (isMissing(error)) return undefined
      throw error
    }
  }

  /** All revisions that led to the present one, newest first, or to its tombstone; undefined where nothing ever was. */
  async revisions(id: string): Promise<Revision[] | undefined> {
    const stored = await this.get(id)
    if (stored.kind === 'absent') return undefined
    const found: { _rev: string } & WithRevisions = await this.database.get(id, { rev: stored.rev, revs_info: true })
    return (found._revs_info ?? []).map(({ rev, status }) => ({
      rev,
      // PouchDB says "available" of a tombstone that it was asked for by its revision.
      kind:
        status === 'missing'
          ? 'compacted'
          : rev === stored.rev
            ? stored.kind
            : status === 'deleted'
              ? 'deleted'
              : 'present',
    }))
  }

  async read(span: Span): Promise<StoredDocument[]> {
    const { rows } = await this.database.allDocs({ ...keysOf(span), include_docs: true })
    return rows.flatMap((row) => (row.doc ? [row.doc] : []))
  }

  async readIds(span: Span): Promise<string[]> {
    const { rows } = await this.database.allDocs(keysOf(span))
    return rows.map((row) => row.id)
  }

  /**
   * Writes what the plan says, all or nothing. The plan runs alone: no other write happens between its first read and
   * its own writes. What it throws is thrown here, and nothing is written.
   */
  write(plan: () => Promise<readonly Write[]>): Promise<WriteOutcome> {
    const outcome = this.#queue.then(async () => {
      const writes = await plan()
      for (const { id, expectedRev } of writes) {
        const found = await this.get(id)
        if ((found.kind === 'present' ? found.rev : undefined) !== expectedRev)
          return { kind: 'conflict' as const, id, found }
      }
      return { kind: 'written' as const, revs: await this.#commit(writes) }
    })
    this.#queue = outcome.catch(() => undefined)
    return outcome
  }

  /** For a backup. */
  rawEntries(): RawEntries {
    const level = this.level()
    if (!level) throw new Error('the store is not open')
    return rawEntriesOf(level)
  }

  /** Called after each write that is on the disk. Returns what ends it. */
  onWritten(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#queue.then(() => this.database.close())
    return this.#stopping
  }

  async #commit(writes: readonly Write[]): Promise<string[]> {
    if (writes.length === 0) return []
    const results = await this.database.bulkDocs(writes.map(bodyOf))
    const revs = results.flatMap((result) => ('rev' in result && result.rev !== undefined ? [result.rev] : []))
    // The queue and the comparison above leave no way to this; if one is found, it must not pass for success.
    if (revs.length !== writes.length) throw new Error('the store took only a part of a batch')
    for (const listener of this.#listeners) listener()
    return revs
  }

  async #deletedRev(id: string): Promise<string> {
    const { rows } = await this.database.allDocs({ keys: [id] })
    const row = rows[0]
    return row?.value.rev ?? ''
  }
}

/** A tombstone has no field but these: see law 1. */
function bodyOf({ id, document, expectedRev }: Write): PouchDB.Core.PutDocument<RecordDocument> {
  const rev = expectedRev === undefined ? {} : { _rev: expectedRev }
  if (document === undefined) return { _id: id, ...rev, _deleted: true } as unknown as RecordDocument
  return { ...document, _id: id, ...rev }
}

function keysOf({ partition, type, after, limit }: Span): PouchDB.Core.AllDocsOptions {
  const first = type === undefined ? `${partition}:` : `${partition}:${type}`
  // Ids hold no character above `z`; a type ends its part, so that Medication does not take in MedicationRequest.
  const last = type === undefined ? `${first}\uffff` : `${first}:\uffff`
  return {
    // A position from elsewhere doesn't lead out of the span.
    startkey: after === undefined || after < first ? first : `${after}${RIGHT_AFTER}`,
    endkey: last,
    ...(limit === undefined ? {} : { limit }),
  }
}

function isMissing(error: unknown): error is { status: 404; reason: string } {
  return typeof error === 'object' && error !== null && 'status' in error && error.status === 404
}
