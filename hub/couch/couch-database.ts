import { AnsweredError, type Ask } from './ask'
import { type AskText, parsed } from './ask-text'

/** A document as it was read. */
export type Stored<T extends object = Record<string, unknown>> = T & { readonly _id: string; readonly _rev: string }

/** `conflict`: somebody else wrote it first, or it exists already. Nothing was written. */
export type Written = { readonly kind: 'written'; readonly rev: string } | { readonly kind: 'conflict' }

export interface BulkResult {
  readonly id: string
  readonly rev?: string
  /** CouchDB's word, such as `conflict` or `forbidden`; absent where it was written. */
  readonly error?: string
  readonly reason?: string
}

export interface Row<V, D extends object> {
  readonly id: string
  readonly key: string
  readonly value: V
  readonly doc?: Stored<D>
}

/** Which rows of `_all_docs` or a view. With `keys` the rows come in their order. */
export interface Selection {
  readonly key?: unknown
  readonly keys?: readonly unknown[]
  readonly startkey?: unknown
  readonly endkey?: unknown
  readonly inclusiveEnd?: boolean
  readonly descending?: boolean
  readonly limit?: number
  readonly skip?: number
  readonly includeDocs?: boolean
  /** False: the rows of a view that has a reduce. */
  readonly reduce?: false
}

export interface SumSelection {
  readonly startkey: readonly unknown[]
  readonly endkey: readonly unknown[]
  readonly groupLevel: number
  readonly limit: number
  readonly isFresh: boolean
}

/**
 * One database. Content is given back as the type the caller asks for: it went through a schema when it was written, and
 * nobody else writes here.
 */
export class CouchDatabase {
  readonly #path: string

  constructor(
    readonly name: string,
    private readonly ask: Ask,
    private readonly askText: AskText,
  ) {
    this.#path = encodeURIComponent(name)
  }

  /** Undefined where there is none, or it was deleted. */
  async get<T extends object>(id: string, options: { conflicts?: boolean } = {}): Promise<Stored<T> | undefined> {
    try {
      return (await this.ask({
        path: this.#pathOf(id),
        ...(options.conflicts && { query: { conflicts: true } }),
      })) as Stored<T>
    } catch (error) {
      if (error instanceof AnsweredError && error.status === 404) return undefined
      throw error
    }
  }

  /** Creates it where it has no `_rev`, else replaces that revision. */
  put(doc: { readonly _id: string; readonly _rev?: string }): Promise<Written> {
    return written(this.ask({ method: 'PUT', path: this.#pathOf(doc._id), body: doc }))
  }

  async remove(doc: { readonly _id: string; readonly _rev: string }): Promise<Written> {
    try {
      return await written(this.ask({ method: 'DELETE', path: this.#pathOf(doc._id), query: { rev: doc._rev } }))
    } catch (error) {
      if (!(error instanceof AnsweredError && error.status === 404)) throw error
      // CouchDB says so, and not 409, where the document is deleted already. Where it is the database that is missing, this throws.
      await this.info()
      return { kind: 'conflict' }
    }
  }

  /**
   * One result for each document, in order; with `newEdits: false` only those that were refused. What it says is written is on the
   * disks that a cluster's quorum asks for.
   */
  async bulk(docs: readonly object[], options: { newEdits?: boolean } = {}): Promise<BulkResult[]> {
    const body = { docs, ...(options.newEdits === false && { new_edits: false }) }
    return parsed(await this.askText({ path: `${this.#path}/_bulk_docs`, body })) as BulkResult[]
  }

  /** Keys that have no document, or a deleted one, have no row here. */
  async allDocs<T extends object>(selection: Selection = {}): Promise<Row<{ rev: string }, T>[]> {
    const rows = await this.#rows<{ rev: string; deleted?: boolean }, T>(`${this.#path}/_all_docs`, selection)
    return rows.filter((row) => row.value !== undefined && row.value !== null && !row.value.deleted)
  }

  /** Those of the ids whose document was deleted, with the revision of the deletion. */
  async deletedAmong(ids: readonly string[]): Promise<{ id: string; rev: string }[]> {
    const rows = await this.#rows<{ rev: string; deleted?: boolean } | undefined, object>(`${this.#path}/_all_docs`, {
      keys: ids,
    })
    return rows.flatMap(({ id, value }) => (value?.deleted ? [{ id, rev: value.rev }] : []))
  }

  view<V, T extends object = Record<string, unknown>>(
    designDoc: string,
    view: string,
    selection: Selection = {},
  ): Promise<Row<V, T>[]> {
    return this.#rows(this.#viewPath(designDoc, view), selection)
  }

  /** How many rows each key has, of a view with the reduce `_count` and texts as keys. */
  async counts(designDoc: string, view: string): Promise<Map<string, number>> {
    const answer = await this.ask({ path: this.#viewPath(designDoc, view), query: { group: true } })
    const { rows } = answer as { rows: { key: string; value: number }[] }
    return new Map(rows.map(({ key, value }) => [key, value]))
  }

  /** How many rows begin with each first `level` parts of the keys, of a view with the reduce `_count`. */
  async grouped(designDoc: string, view: string, level: number): Promise<{ key: unknown[]; value: number }[]> {
    const answer = await this.ask({ path: this.#viewPath(designDoc, view), query: { group_level: level } })
    return (answer as { rows: { key: unknown[]; value: number }[] }).rows
  }

  /** Of a view with the reduce `_stats`: how many rows begin with each key's first part, and the highest value among them. */
  async stats(designDoc: string, view: string): Promise<Map<string, { count: number; max: number }>> {
    const answer = await this.ask({ path: this.#viewPath(designDoc, view), query: { group_level: 1 } })
    const { rows } = answer as { rows: { key: [string]; value: { count: number; max: number } }[] }
    return new Map(rows.map(({ key, value }) => [key[0], value]))
  }

  /**
   * Of a view with the reduce `_sum` over lists of numbers: their sums, by as many parts of the key as `groupLevel` says.
   *
   * @param isFresh  false: from the index as it is, which goes on to what is newer by itself (CouchDB's `update=lazy`)
   */
  async sums(
    designDoc: string,
    view: string,
    { startkey, endkey, groupLevel, limit, isFresh }: SumSelection,
  ): Promise<{ key: readonly (string | number | null)[]; value: readonly number[] }[]> {
    const reading = isFresh ? {} : { update: 'lazy', stable: true }
    const query = { startkey, endkey, group_level: groupLevel, limit, ...reading }
    const answer = await this.ask({ path: this.#viewPath(designDoc, view), query })
    return (answer as { rows: { key: (string | number | null)[]; value: number[] }[] }).rows
  }

  async info(): Promise<{ docCount: number; updateSeq: string | number }> {
    const info = (await this.ask({ path: this.#path })) as { doc_count: number; update_seq: string | number }
    return { docCount: info.doc_count, updateSeq: info.update_seq }
  }

  async #rows<V, T extends object>(path: string, selection: Selection): Promise<Row<V, T>[]> {
    const { keys, ...others } = selection
    const query = queryOf(others)
    // Any number of keys fits into a body.
    const answer = await this.ask(keys ? { method: 'POST', path, query, body: { keys } } : { path, query })
    return (answer as { rows: Row<V, T>[] }).rows
  }

  #viewPath(designDoc: string, view: string): string {
    return `${this.#path}/_design/${encodeURIComponent(designDoc)}/_view/${encodeURIComponent(view)}`
  }

  #pathOf(id: string): string {
    // CouchDB's own kinds of documents have a slash that stays one.
    const [, kind, name = ''] = /^(_design|_local)\/(.*)$/s.exec(id) ?? []
    return `${this.#path}/${kind ? `${kind}/${encodeURIComponent(name)}` : encodeURIComponent(id)}`
  }
}

/** nano itself writes keys as JSON. */
function queryOf(selection: Omit<Selection, 'keys'>): Record<string, unknown> {
  const { key, startkey, endkey, inclusiveEnd, descending, limit, skip, includeDocs, reduce } = selection
  const query = {
    key,
    startkey,
    endkey,
    inclusive_end: inclusiveEnd,
    descending,
    limit,
    skip,
    include_docs: includeDocs,
    reduce,
  }
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined))
}

async function written(asked: Promise<unknown>): Promise<Written> {
  try {
    const { rev } = (await asked) as { rev: string }
    return { kind: 'written', rev }
  } catch (error) {
    if (error instanceof AnsweredError && error.status === 409) return { kind: 'conflict' }
    throw error
  }
}
