import type { CodedError } from '../../protocol/error-codes'
import type { AuditEntry } from '../../schemas/generated/types'
import { importEntry } from './audit-entries'
import type { ImportCall } from './authenticate'
import { readImportRequest } from './import-request'
import { bundleOf, type Release, type ReleaseDeps, release } from './release'

export interface OperatorReadDeps extends ReleaseDeps {
  /** Creates an entry, on the disk when it is answered. */
  writeAudit(entry: AuditEntry): Promise<'written' | 'exists'>
  newId(): string
}

/**
 * A record as an operator sees it: what an import would bring to a facility that no Consent names, judged, written down and
 * listed for review in the same way. Nobody has signed, so there is no nonce: each look is an entry of its own.
 */
export async function readByOperator(
  call: ImportCall,
  operator: string,
  address: { base: string; self: string },
  deps: OperatorReadDeps,
): Promise<{ bundle: Buffer } | { refused: CodedError }> {
  const decision = await decide(call, operator, deps)
  const at = deps.now()
  const entry = importEntry(call, { id: `operator-read:${deps.newId()}`, at, operator, ...decision })
  const [, bundle] = await Promise.all([
    deps.writeAudit(entry),
    'error' in decision ? undefined : bundleOf(decision, address, deps),
  ])
  return 'error' in decision ? { refused: decision.error } : { bundle: bundle ?? Buffer.alloc(0) }
}

type Decision = Release | { error: CodedError; withheld?: number }

async function decide(call: ImportCall, operator: string, deps: OperatorReadDeps): Promise<Decision> {
  const asked = readImportRequest(call, 'rfc9421')
  if (asked instanceof Error) return { error: asked }
  // No facility has an empty external ID: nothing is this reader's own, and no Consent means him.
  return release(asked, { nodeName: `operator ${operator}`, externalId: '' }, deps)
}
