import { CodedError } from '../../protocol/error-codes'
import type { Validator } from '../../schemas/check'

export interface DatabaseDocument {
  _id: string
  _rev?: string
}

/** What the nodes' part needs of a CouchDB database; hub/couch gives it. */
export interface Database {
  /** Undefined where there is none, or it was deleted. */
  get(id: string): Promise<unknown>
  /** Creates (without `_rev`) or replaces (with the one that was read). */
  put(document: DatabaseDocument): Promise<'written' | 'conflict'>
  remove(id: string, rev: string): Promise<'written' | 'conflict'>
  /** Documents with ids from `first` to `last`, both included, in order. */
  range(first: string, last: string): Promise<unknown[]>
  /** Their ids alone. */
  ids(first: string, last: string): Promise<string[]>
  /** How many rows each key of a counting view has. */
  counts(designDoc: string, view: string): Promise<Map<string, number>>
}

/** Sorts after every id that begins with `prefix`. */
export function endOf(prefix: string): string {
  return `${prefix}\uffff`
}

/** A document that is broken in our own database is a fault of ours, and not of whoever asked. */
export function stored<T>(validator: Validator<T>, document: unknown, what: string): T {
  if (validator(document)) return document
  throw new Error(`a ${what} document in the database is not of its form`)
}

/** So many others at one document at one moment do not happen: something is wrong. */
const MOST_TRIES = 20

/**
 * Reads, decides, writes; and anew if somebody else wrote in between. `change` returns the document as it should be,
 * or the very one it was given where nothing has to be written; what it throws ends it.
 */
export async function changeDocument<T extends DatabaseDocument, U extends T | undefined>(
  database: Database,
  id: string,
  read: (document: unknown) => T,
  change: (current: T | undefined) => U,
): Promise<U> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const found = await database.get(id)
    const current = found === undefined ? undefined : read(found)
    const next = change(current)
    if (next === undefined || next === current) return next
    const { _rev, ...content } = next as T
    const rev = current?._rev
    if ((await database.put({ ...content, _id: id, ...(rev !== undefined && { _rev: rev }) })) === 'written')
      return next
  }
  throw new CodedError('OVERLOADED', 'Too many changes at once to one entry; try again.')
}
