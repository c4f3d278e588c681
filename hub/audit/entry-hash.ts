import { createHash } from 'node:crypto'
import type { AuditEntry } from '../../schemas/generated/types'
import { entryText, type Unhashed } from './entry-text'

/** SHA-256 of the text that stands for an entry: 64 hex digits. docs/audit.md says it for outsiders. */
export function entryHash(entry: Unhashed | AuditEntry): string {
  return sha256(entryText(entry))
}

/** The entries from before there were chains, as if they were one: each has the hash of it and of all before it. */
export function unchainedHash(before: string | undefined, entry: AuditEntry): string {
  return sha256(`${before ?? ''}${entryHash(entry)}`)
}

export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}
