import type { AuditEntry } from '../../schemas/generated/types'

/** `exists`: there is a document of this id. `refused`: the database does not want it. `unknown`: it may be there or not. */
export type WriteOutcome = 'written' | 'exists' | 'refused' | 'unknown'

export type AuditView =
  | 'by-time'
  | 'by-mrn'
  | 'by-node'
  | 'by-operator'
  | 'by-kind'
  | 'by-chain'
  | 'disclosures-by-owner'
  | 'broken-glass'

export interface AuditRow {
  readonly key: readonly (string | number)[]
  readonly document: unknown
}

/** What the audit needs of its database; hub/couch gives it. */
export interface AuditDatabase {
  /** All at once, on the disk when it is answered. One outcome for each, in order. */
  write(entries: readonly AuditEntry[]): Promise<readonly WriteOutcome[]>
  /** Rows in the order of their keys, or the reverse of it, with their documents. */
  view(
    name: AuditView,
    range: { startKey: readonly unknown[]; endKey: readonly unknown[]; limit: number; isDescending?: boolean },
  ): Promise<AuditRow[]>
  /** How many entries each chain has, and its highest number; '' stands for entries without a chain. */
  chains(): Promise<Map<string, { count: number; max: number }>>
  /** The highest number of each chain that an entry of another chain names. */
  named(): Promise<Map<string, { max: number }>>
  /** How many documents there are that are not design documents. */
  documents(): Promise<number>
}
