/**
 * The part of PouchDB 9 that is used here (https://pouchdb.com/api.html). Not @types/pouchdb: that one declares a global
 * `Buffer` of its own, which the compiler can not bring together with Node's.
 */
declare namespace PouchDB {
  namespace Core {
    type Existing<Content extends object> = Content & {
      _id: string
      _rev: string
      _deleted?: boolean
      _attachments?: object
      _revisions?: { start: number; ids: string[] }
    }
    type ExistingDocument<Content extends object> = Existing<Content>
    type PutDocument<Content extends object> = Content & { _id: string; _rev?: string; _deleted?: boolean }

    interface GetOptions {
      rev?: string
      revs?: boolean
      revs_info?: boolean
      conflicts?: boolean
      attachments?: boolean
    }
    interface GetOpenRevisions {
      open_revs: 'all' | string[]
      revs?: boolean
      attachments?: boolean
    }
    type Leaf<Content extends object> = { ok: Existing<Content> } | { missing: string }

    interface AllDocsOptions {
      include_docs?: boolean
      conflicts?: boolean
      attachments?: boolean
      limit?: number
      skip?: number
      descending?: boolean
      startkey?: string
      endkey?: string
      inclusive_end?: boolean
      key?: string
      keys?: string[]
    }
    type AllDocsWithinRangeOptions = AllDocsOptions
    interface AllDocsRow<Content extends object> {
      id: string
      key: string
      value: { rev: string; deleted?: boolean }
      doc?: Existing<Content> | null
      error?: 'not_found'
    }
    interface AllDocsResponse<Content extends object> {
      total_rows: number
      offset: number
      rows: AllDocsRow<Content>[]
    }

    interface ChangesOptions {
      since?: number | 'now'
      limit?: number
      include_docs?: boolean
      style?: 'main_only' | 'all_docs'
      descending?: boolean
      doc_ids?: string[]
    }
    interface ChangesRow<Content extends object> {
      id: string
      seq: number
      changes: { rev: string }[]
      deleted?: boolean
      doc?: Existing<Content>
    }
    interface Changes<Content extends object> {
      last_seq: number
      results: ChangesRow<Content>[]
    }
    interface LiveChanges<Content extends object> {
      on(event: 'change', listener: (row: ChangesRow<Content>) => void): this
      on(event: 'error', listener: (error: unknown) => void): this
      cancel(): void
    }

    interface Response {
      ok: true
      id: string
      rev: string
    }
    interface Refused {
      id?: string
      rev?: string
      error: true | string
      name?: string
      message?: string
      reason?: string
      status?: number
    }
    interface Info {
      db_name: string
      doc_count: number
      update_seq: number
    }
  }

  namespace Configuration {
    interface DatabaseConfiguration {
      adapter?: string
      /** What the LevelDB adapter is built on: a factory in leveldown's form. */
      db?: unknown
      prefix?: string
      revs_limit?: number
      auto_compaction?: boolean
      skip_setup?: boolean
      auth?: { username: string; password: string }
      fetch?: (url: string, options?: object) => Promise<unknown>
    }
  }

  namespace Replication {
    interface Options {
      live?: boolean
      retry?: boolean
      filter?: string | ((doc: { _id: string }) => boolean)
      query_params?: Readonly<Record<string, string>>
      batch_size?: number
      batches_limit?: number
      checkpoint?: boolean | 'source' | 'target'
    }
    interface Result {
      ok: boolean
      docs_read: number
      docs_written: number
      doc_write_failures: number
      errors: unknown[]
      last_seq: number
    }
    interface Running extends Promise<Result> {
      on(event: string, listener: (info: unknown) => void): this
      cancel(): void
    }
  }

  interface Database<Content extends object = object> {
    readonly name: string
    get(id: string, options?: Core.GetOptions): Promise<Core.Existing<Content>>
    get(id: string, options: Core.GetOpenRevisions): Promise<Core.Leaf<Content>[]>
    get<Model extends object>(id: string, options?: Core.GetOptions): Promise<Core.Existing<Model>>
    put<Model extends object = Content>(
      document: Core.PutDocument<Model>,
      options?: { force?: boolean; new_edits?: boolean },
    ): Promise<Core.Response>
    remove(document: { _id: string; _rev: string }): Promise<Core.Response>
    bulkDocs<Model extends object = Content>(
      documents: Core.PutDocument<Model>[],
      options?: { new_edits?: boolean },
    ): Promise<(Core.Response | Core.Refused)[]>
    allDocs(options?: Core.AllDocsOptions): Promise<Core.AllDocsResponse<Content>>
    changes(options: Core.ChangesOptions & { live: true }): Core.LiveChanges<Content>
    changes(options?: Core.ChangesOptions): Promise<Core.Changes<Content>>
    query(view: string, options?: { limit?: number; key?: unknown }): Promise<{ rows: object[] }>
    info(): Promise<Core.Info>
    compact(): Promise<object>
    close(): Promise<void>
    destroy(): Promise<void>
    replicate: {
      to(target: string | Database, options?: Replication.Options): Replication.Running
    }
  }

  interface Static {
    new <Content extends object = object>(
      name: string,
      options?: Configuration.DatabaseConfiguration,
    ): Database<Content>
    defaults(options: Configuration.DatabaseConfiguration): Static
    plugin(plugin: unknown): Static
  }
}

declare module 'pouchdb' {
  const PouchDB: PouchDB.Static
  export = PouchDB
}

declare module 'pouchdb-adapter-leveldb' {
  const plugin: unknown
  export = plugin
}
