import vm from 'node:vm'
import type { Caller } from './accounts'
import { isObject } from './answer'
import type { Databases, Security } from './databases'

type Validator = (newDoc: object, oldDoc: object | null, user: object, security: object) => void

/** Why a document may not be written, in PouchDB's form of an error. */
export interface Refused {
  readonly error: true
  readonly id?: string
  readonly status: number
  readonly name: string
  readonly message: string
}

/**
 * The validators of each database, compiled once and again after a design document was written. pouchdb-validation reads
 * and compiles all design documents for each document that is written, and shows the newest revision as the old document
 * whatever history came with the new one.
 */
export class Validators {
  readonly #compiled = new Map<string, Promise<readonly Validator[]>>()

  constructor(private readonly databases: Databases) {}

  forget(database: string): void {
    this.#compiled.delete(database)
  }

  /** For each document what it is refused with, or undefined; in the order of `docs`. */
  async check(
    database: string,
    docs: readonly Record<string, unknown>[],
    by: { readonly caller: Caller; readonly security: Security },
    newEdits: boolean,
  ): Promise<(Refused | undefined)[]> {
    const validators = await this.#of(database)
    if (validators.length === 0) return docs.map(() => undefined)
    const before = await this.#oldDocs(database, newEdits ? docs : docs.filter(mayHaveAncestor))
    const user = { db: database, name: by.caller.name, roles: by.caller.roles }
    return docs.map((doc) => {
      const old = before.get(String(doc['_id'])) ?? null
      // PouchDB answers it with a conflict, as CouchDB does before it asks a validator.
      if (newEdits && old && doc['_rev'] !== old['_rev']) return undefined
      const shown = newEdits || (old && isAncestor(old['_rev'], doc)) ? old : null
      return firstRefusal(validators, doc, shown, user, by.security)
    })
  }

  #of(database: string): Promise<readonly Validator[]> {
    const known = this.#compiled.get(database)
    if (known) return known
    const compiled = this.#compile(database)
    this.#compiled.set(database, compiled)
    compiled.catch(() => this.forget(database))
    return compiled
  }

  async #compile(database: string): Promise<readonly Validator[]> {
    const { rows } = await this.databases
      .open(database)
      .allDocs({ startkey: '_design/', endkey: '_design0', include_docs: true })
    return rows.flatMap(({ doc }) => {
      const text = doc?.['validate_doc_update']
      return typeof text === 'string' ? [vm.runInNewContext(`(${text.replace(/;\s*$/, '')})`) as Validator] : []
    })
  }

  async #oldDocs(
    database: string,
    docs: readonly Record<string, unknown>[],
  ): Promise<Map<string, Record<string, unknown>>> {
    const keys = [...new Set(docs.map((doc) => String(doc['_id'])))]
    if (keys.length === 0) return new Map()
    const { rows } = await this.databases.open(database).allDocs({ keys, include_docs: true })
    return new Map(rows.flatMap((row) => (row.doc ? [[row.key, row.doc]] : [])))
  }
}

/** A first revision that comes with its history has none; that is nearly every record that is pushed. */
function mayHaveAncestor(doc: Record<string, unknown>): boolean {
  const revisions = doc['_revisions']
  return !isObject(revisions) || revisions['start'] !== 1
}

/** What `new_edits: false` shows as the old document is looked up in the history that came with the new one. */
function isAncestor(revision: unknown, doc: Record<string, unknown>): boolean {
  const revisions = doc['_revisions']
  if (!isObject(revisions) || !Array.isArray(revisions['ids'])) return revision === doc['_rev']
  const start = Number(revisions['start'])
  return revisions['ids'].some((id, generationsBack) => `${start - generationsBack}-${id}` === revision)
}

function firstRefusal(
  validators: readonly Validator[],
  doc: Record<string, unknown>,
  old: object | null,
  user: object,
  security: Security,
): Refused | undefined {
  const id = doc['_id']
  const refused = (status: number, name: string, message: unknown): Refused => ({
    error: true,
    ...(typeof id === 'string' && { id }),
    status,
    name,
    message: String(message),
  })
  for (const validator of validators) {
    try {
      validator(doc, old, user, security)
    } catch (thrown) {
      if (isObject(thrown) && 'forbidden' in thrown) return refused(403, 'forbidden', thrown['forbidden'])
      if (isObject(thrown) && 'unauthorized' in thrown) return refused(401, 'unauthorized', thrown['unauthorized'])
      return refused(500, 'error', 'a validator failed')
    }
  }
  return undefined
}
