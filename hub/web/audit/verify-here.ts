import type { AuditEntry, AuditHead, AuditHeads } from '../../../schemas/generated/types'
import { ask } from '../../../web-kit/ask'
import type { Judging } from '../../audit/verify/judging'
import { type VerifyReport, verifyAudit } from '../../audit/verify/verify-audit'
import { linesOf } from './lines-of'
import { sha256 } from './sha256'

const JUDGED_IN_BROWSER: Judging = { sha256, isEntry }

/**
 * The same reckoning as `lontar hub audit verify`, on this computer: the hub only reads out what its database has.
 *
 * @param noted ends of chains that somebody wrote down outside
 * @param onProgress how many entries were gone through so far
 */
export function verifyHere(
  noted: readonly AuditHead[],
  { signal, onProgress }: { signal: AbortSignal; onProgress: (entries: number) => void },
): Promise<VerifyReport> {
  return verifyAudit(
    {
      heads: () => ask<AuditHeads>('/operator/audit/heads', { signal }),
      chainEntries: () => linesOf('/operator/audit?kind=chain&_format=ndjson', signal),
      byChain: () => counted(linesOf('/operator/audit/chains?_format=ndjson', signal), onProgress),
    },
    JUDGED_IN_BROWSER,
    noted,
  )
}

const TOLD_EVERY = 500

async function* counted(lines: AsyncIterable<unknown>, onProgress: (count: number) => void): AsyncGenerator<unknown> {
  let count = 0
  for await (const line of lines) {
    count++
    if (count % TOLD_EVERY === 0) onProgress(count)
    yield line
  }
}

/** The members without which the hash has no meaning; the hash is over everything else as well. */
function isEntry(document: unknown): document is AuditEntry {
  const { _id, kind, at, outcome, action, chain } = (document ?? {}) as Record<string, unknown>
  const areTexts = [_id, kind, at, outcome, action].every((one) => typeof one === 'string')
  return areTexts && (chain === undefined || isPlace(chain))
}

function isPlace(chain: unknown): boolean {
  const { id, number, batch, hash } = (chain ?? {}) as Record<string, unknown>
  return typeof id === 'string' && typeof hash === 'string' && Number.isInteger(number) && Number.isInteger(batch)
}
