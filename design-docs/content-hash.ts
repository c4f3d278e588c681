import { createHash } from 'node:crypto'

/** What stands beside the content: the database's own mark, and the hash itself. */
const BESIDE = new Set(['_rev', 'lontar'])

/**
 * SHA-256 of a design document's content, 64 hex digits: the same for one that was just built and for one that a database
 * gives back, whatever order that keeps its members in. Whatever somebody adds, changes or takes away makes it another.
 */
export function contentHash(doc: object): string {
  const content = Object.fromEntries(Object.entries(doc).filter(([name]) => !BESIDE.has(name)))
  return createHash('sha256').update(JSON.stringify(content, inOrder)).digest('hex')
}

function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
