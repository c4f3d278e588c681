import type { AuditEntry } from '../../schemas/generated/types'
import { entryHash } from './entry-hash'

/** Where a chain ends, as far as it was sent to the database. */
export interface ChainEnd {
  readonly id: string
  /** 0: it has no entry yet. */
  readonly number: number
  /** Of the entry with that number. */
  readonly hash?: string
}

/** What an entry of the kind `chain` says of chains. */
export type ChainWord = Pick<NonNullable<AuditEntry['chain']>, 'gateway' | 'heads' | 'voided'>

/** An entry on its way into a chain. */
export interface Placing {
  readonly entry: Omit<AuditEntry, 'chain'>
  readonly word?: ChainWord
}

export type PlacedEntry = AuditEntry & { readonly chain: NonNullable<AuditEntry['chain']> }

/**
 * The next entries of a chain, each with its number, the hash of the one before it and its own. Pure: nothing is waited
 * for between two of them, so any number can be on its way to the disk together.
 */
export function placed(end: ChainEnd, batch: readonly Placing[]): PlacedEntry[] {
  const entries: PlacedEntry[] = []
  let { number, hash: previous } = end
  for (const { entry, word } of batch) {
    number += 1
    const place = { id: end.id, number, batch: end.number + 1, ...(previous !== undefined && { previous }), ...word }
    const hash = entryHash({ ...entry, chain: place })
    entries.push({ ...entry, chain: { ...place, hash } })
    previous = hash
  }
  return entries
}
