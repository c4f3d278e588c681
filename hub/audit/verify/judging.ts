import type { AuditEntry } from '../../../schemas/generated/types'
import { isAuditEntry } from '../../../schemas/generated/validators'
import { sha256 } from '../entry-hash'

/** What verifying needs of the machine that it runs on: a program of ours, or a browser. */
export interface Judging {
  /** 64 hex digits, over the text's UTF-8. */
  readonly sha256: (text: string) => string
  readonly isEntry: (document: unknown) => document is AuditEntry
}

export const JUDGED_HERE: Judging = { sha256, isEntry: isAuditEntry }
