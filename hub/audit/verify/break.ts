import type { AuditEntry } from '../../../schemas/generated/types'

export type BreakKind =
  /** The content of an entry is not what its hash says, or it is no entry at all. */
  | 'altered'
  /** The entry before is not the one that this one was linked to. */
  | 'replaced'
  | 'missing'
  /** A number has two entries. */
  | 'twice'
  /** An entry without a chain, from a time in which there were chains. */
  | 'inserted'
  /** The end of a chain is not there any more. */
  | 'cut-off'
  /** Of a whole chain nothing is there. */
  | 'gone'
  /** The index does not show as many entries as the database holds. */
  | 'hidden'

/** Where the audit is not what it was. `id` and `at` are those of the entry at which it shows. */
export interface Break {
  readonly kind: BreakKind
  readonly chain: string
  readonly number?: number
  readonly id?: string
  readonly at?: string
  /** For a person: the whole sentence. */
  readonly reason: string
}

export function breakAt(kind: BreakKind, entry: Partial<AuditEntry>, reason: string): Break {
  const { _id, at, chain } = entry
  return {
    kind,
    chain: chain?.id ?? '',
    ...(chain?.number !== undefined && { number: chain.number }),
    ...(_id !== undefined && { id: _id }),
    ...(at !== undefined && { at }),
    reason,
  }
}

/** `node-102:abc of 2026-11-22T07:41:03.120Z` */
export function named({ _id, at }: Partial<AuditEntry>): string {
  return `${_id ?? 'without an id'} of ${at ?? 'no time'}`
}
