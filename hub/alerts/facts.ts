import type { AuditDatabase } from '../audit/audit-database'
import { auditEntries } from '../audit/list-audit'
import type { Database } from '../nodes/database'
import { lastAuditCheck } from './audit-check'
import type { Certificates } from './certificates'
import type { Facts, WatchedNode } from './rules'

export interface FactSources {
  readonly nodes: Database
  readonly audit: AuditDatabase
  readonly certificates: Certificates
  readonly listNodes: () => Promise<readonly WatchedNode[]>
  /** When the glass was broken that waits longest for its review. */
  readonly oldestOpenGlassAt: () => Promise<string | undefined>
  readonly now: () => Date
}

const HOUR_MS = 3_600_000

/** All that the rules are held against, read now. */
export async function readFacts({ nodes, audit, certificates, now, ...ask }: FactSources): Promise<Facts> {
  const [listed, soon, lockOuts, oldestOpenGlassAt, check] = await Promise.all([
    ask.listNodes(),
    certificates.all(),
    lockOutsSince(audit, new Date(now().getTime() - HOUR_MS)),
    ask.oldestOpenGlassAt(),
    lastAuditCheck(nodes),
  ])
  return { nodes: listed, certificates: soon, lockOuts, oldestOpenGlassAt, auditBreaks: check?.breaks }
}

async function lockOutsSince(audit: AuditDatabase, from: Date): Promise<number> {
  let count = 0
  for await (const { action } of auditEntries(audit, { kind: 'sign-in', from: from.toISOString() })) {
    if (action === 'lock') count++
  }
  return count
}
