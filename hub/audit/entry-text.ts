import type { AuditEntry } from '../../schemas/generated/types'
import { canonicalJson } from './canonical-json'

/** An entry that has a place in a chain and not yet its hash. */
export type Unhashed = Omit<AuditEntry, 'chain'> & { chain?: Omit<NonNullable<AuditEntry['chain']>, 'hash'> }

/** What is hashed of an entry: its canonical JSON without `_rev` (the database's own) and without `chain.hash`. */
export function entryText(entry: Unhashed | AuditEntry): string {
  const { _rev, chain, ...rest } = entry
  const { hash: _hash, ...place } = (chain ?? {}) as Partial<NonNullable<AuditEntry['chain']>>
  return canonicalJson({ ...rest, ...(chain !== undefined && { chain: place }) })
}
