import { CodedError } from '../../protocol/error-codes'
import type { AuditEntry } from '../../schemas/generated/types'

const DEFAULT_LIMIT = 100
export const MOST_LIMIT = 1_000

/** Sorts after every string and number, in CouchDB's collation. */
export const END = {}

export function limitOf(text: string | undefined): number {
  const limit = text === undefined ? DEFAULT_LIMIT : Number(text)
  if (Number.isInteger(limit) && limit >= 1 && limit <= MOST_LIMIT) return limit
  throw new CodedError('INVALID_REQUEST', `limit must be a number from 1 to ${MOST_LIMIT}.`)
}

/** Where the next page begins: the key of its first row. */
export function cursorText(key: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url')
}

/** The key that a cursor stands for. One of another filter would begin a page of somebody else's entries. */
export function cursorOf(
  text: string | undefined,
  prefix: readonly string[],
  length: number,
): (string | number)[] | undefined {
  if (text === undefined) return undefined
  let key: unknown
  try {
    key = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
  } catch {
    key = undefined
  }
  const isOurs =
    Array.isArray(key) &&
    key.length === length &&
    key.every((part) => typeof part === 'string' || Number.isSafeInteger(part)) &&
    prefix.every((part, index) => (key as unknown[])[index] === part)
  if (isOurs) return key as (string | number)[]
  throw new CodedError('INVALID_REQUEST', 'cursor must be the "next" of an earlier answer with the same filters.')
}

export function momentOf(name: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const isForm = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text)
  const ms = isForm ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(ms)) return new Date(ms).toISOString()
  throw new CodedError(
    'INVALID_REQUEST',
    `${name} must be a day like 2026-11-22 or a moment like 2026-11-22T07:41:03Z.`,
  )
}

/** As it is shown: the database's own mark means nothing outside. */
export function withoutRevision<T extends Pick<AuditEntry, '_rev'>>({ _rev, ...entry }: T): Omit<T, '_rev'> {
  return entry
}
