import type { AuditCheckDocument } from '../../schemas/generated/types'
import { isAuditCheckDocument } from '../../schemas/generated/validators'
import { JUDGED_HERE } from '../audit/verify/judging'
import type { AuditSource } from '../audit/verify/verify-audit'
import { verifyAudit } from '../audit/verify/verify-audit'
import { changeDocument, type Database, stored } from '../nodes/database'
import { Lease } from './lease'

const ID = 'audit-check'
const HOUR_MS = 3_600_000
/** An audit of millions of entries takes minutes; nobody waits for it. */
const LEASE_MS = HOUR_MS

/** Goes along the audit's chains, at one gateway and every so many hours, and puts down what was found. */
export async function checkAudit(
  nodes: Database,
  { everyHours, holder, source, now }: { everyHours: number; holder: string; source: AuditSource; now: () => Date },
): Promise<void> {
  const times = { everyMs: everyHours * HOUR_MS, leaseMs: LEASE_MS }
  const lease = await Lease.claim(nodes, ID, holder, { times, now })
  if (!lease) return
  const { entries, breaks } = await verifyAudit(source, JUDGED_HERE)
  const document: AuditCheckDocument = {
    _id: ID,
    kind: 'audit-check',
    at: now().toISOString(),
    entries,
    breaks: breaks.length,
  }
  await changeDocument(nodes, ID, asCheck, () => document)
  await lease.done()
}

/** Undefined before the first. */
export async function lastAuditCheck(nodes: Pick<Database, 'get'>): Promise<AuditCheckDocument | undefined> {
  const found = await nodes.get(ID)
  return found === undefined ? undefined : asCheck(found)
}

function asCheck(document: unknown): AuditCheckDocument {
  return stored(isAuditCheckDocument, document, 'audit check')
}
