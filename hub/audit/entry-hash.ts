import { createHash } from 'node:crypto'
import type { AuditEntry } from '../../schemas/generated/types'
import { canonicalJson } from './canonical-json'

/** An entry that has a place in a chain and not yet its hash. */
export type Unhashed = Omit<AuditEntry, 'chain'> & { chain?: Omit<NonNullable<AuditEntry['chain']>, 'hash'> }

/**
 * SHA-256 over the canonical JSON of an entry without `_rev` (the database's own) and without `chain.hash`: 64 hex digits.
 * docs/audit.md says it for outsiders.
 */
export function entryHash(entry: Unhashed | AuditEntry): string {
  const { _rev, chain, ...rest } = entry
  const { hash: _hash, ...place } = (chain ?? {}) as Partial<NonNullable<AuditEntry['chain']>>
  return sha256(canonicalJson({ ...rest, ...(chain !== undefined && { chain: place }) }))
}

/** The entries from before there were chains, as if they were one: each has the hash of it and of all before it. */
export function unchainedHash(before: string | undefined, entry: AuditEntry): string {
  return sha256(`${before ?? ''}${entryHash(entry)}`)
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}
