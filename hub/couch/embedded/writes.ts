import { type Caller, withHashedPassword } from './accounts'
import { isObject } from './answer'
import type { Security } from './databases'
import type { Refused, Validators } from './validators'

type Document = Record<string, unknown>
type Callback = (error: unknown, result?: unknown) => void
type Write = (given: unknown, ...optionsAndCallback: unknown[]) => Promise<unknown> | undefined

/** Where all writes of express-pouchdb end, also those of single documents and attachments. */
export interface Writable {
  bulkDocs: Write
  info(): Promise<unknown>
}

/**
 * Puts the validators before a database's writes. Besides, `_users` stores no password, and nobody but an admin writes a
 * design document, by whichever route.
 */
export function guardWrites(
  name: string,
  database: Writable,
  validators: Validators,
  onWritten: (name: string) => void,
): void {
  const bulkDocs = database.bulkDocs.bind(database)
  database.bulkDocs = (given, ...others) => {
    const options = others.find((other) => typeof other === 'object')
    const callback = others.find((other): other is Callback => typeof other === 'function')
    const written = write(given, isObject(options) ? options : {})
    if (!callback) return written
    written.then(
      (results) => callback(null, results),
      (error) => callback(error),
    )
    return undefined
  }

  async function write(given: unknown, options: Document): Promise<unknown[]> {
    const request = isObject(given) ? given : { docs: given }
    const docs = (request['docs'] as Document[]).map((doc) => ({ ...doc }))
    const newEdits = (options['new_edits'] ?? request['new_edits']) !== false
    const { userCtx, secObj, ...rest } = options
    const checked = await check(docs, userCtx as Caller | undefined, secObj as Security, newEdits)
    const allowed = docs.filter((_doc, at) => checked[at] === undefined)
    const stored = name === '_users' ? await Promise.all(allowed.map(withHashedPassword)) : allowed
    const designs = stored.some(isDesign)
    const results = (await bulkDocs({ docs: stored }, { ...rest, new_edits: newEdits })) as unknown[]
    if (designs) validators.forget(name)
    // PouchDB itself writes, without a caller, about the views.
    if (userCtx !== undefined) onWritten(name)
    // Without new edits only refusals are answered, in no order; else each document has its place.
    if (!newEdits) return [...checked.filter((refused) => refused !== undefined), ...results]
    const remaining = results[Symbol.iterator]()
    return checked.map((refused) => refused ?? remaining.next().value)
  }

  async function check(
    docs: readonly Document[],
    caller: Caller | undefined,
    security: Security,
    newEdits: boolean,
  ): Promise<(Refused | undefined)[]> {
    // PouchDB itself writes without a caller, about its views.
    if (caller === undefined) return docs.map((doc) => (isLocal(doc) ? undefined : refused(doc)))
    const designs = docs.map((doc) => isDesign(doc))
    const records = docs.filter((doc, at) => !designs[at] && !isLocal(doc) && typeof doc['_id'] === 'string')
    const verdicts = new Map<Document, Refused | undefined>()
    const answers = await validators.check(name, records, { caller, security }, newEdits)
    for (const [at, doc] of records.entries()) verdicts.set(doc, answers[at])
    return docs.map((doc, at) => (designs[at] && !caller.roles.includes('_admin') ? refused(doc) : verdicts.get(doc)))
  }
}

function isDesign(doc: Document): boolean {
  return String(doc['_id']).startsWith('_design/')
}

function isLocal(doc: Document): boolean {
  return String(doc['_id']).startsWith('_local/')
}

function refused(doc: Document): Refused {
  return {
    error: true,
    ...(typeof doc['_id'] === 'string' && { id: doc['_id'] }),
    status: 403,
    name: 'forbidden',
    message: 'You are not a db or server admin.',
  }
}
