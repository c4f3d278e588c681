import { CodedError } from '../../protocol/error-codes'
import { CLOCK_TOLERANCE_SECONDS } from '../../protocol/import-signature'
import type { Log } from '../../runtime/log'
import type { AuditEntry } from '../../schemas/generated/types'
import { refusalOfSigner } from '../access/refusal-at'
import { importEntry } from './audit-entries'
import { type Authentication, type AuthenticationDeps, authenticate, type ImportCall } from './authenticate'
import { readImportRequest } from './import-request'
import type { RefusalLimit } from './refusal-limit'
import { bundleOf, type Release, type ReleaseDeps, release } from './release'

export const IMPORT_ROUTE = 'GET /fhir/Patient/:mrn/$everything'

export interface ImportDeps extends AuthenticationDeps, ReleaseDeps {
  /** Called for each valid signature: the node has this password, so it is not shown again. */
  dataAccessUsed(nodeName: string, nodePassword: string): Promise<void>
  /** Creates an entry, on the disk when it is answered; `exists` if there is one of this id. */
  writeAudit(entry: AuditEntry): Promise<'written' | 'exists'>
  /** Counts the request as one of this facility. Throws RATE_LIMITED. */
  admit(nodeName: string): Promise<void>
  refusals: RefusalLimit
  log: Log
}

/**
 * A record as a Bundle, for a signed request; else a CodedError is thrown.
 *
 * Whatever a node's valid signature comes to, released, refused or too late, is written down under its nonce, once. So a
 * nonce counts for one answer: a request that was refused today can't be sent again by somebody else when it would be
 * granted. Nothing is returned before the entry is on the disk (law 6).
 */
export async function answerImport(
  call: ImportCall,
  address: { base: string; self: string },
  deps: ImportDeps,
): Promise<Buffer> {
  const caller = await authenticate(call, deps)
  if (caller.kind === 'nobody') {
    const error = new CodedError(caller.code, caller.reason)
    await auditUnproven(call, error, caller.claimedName, deps)
    throw error
  }
  const decision = await decide(call, caller, deps)
  const nodeName = caller.kind === 'node' ? caller.node.nodeName : caller.nodeName
  const entry = importEntry(call, { id: caller.auditId, at: deps.now(), node: nodeName, ...decision })
  const [audited, bundle] = await bothOver(
    deps.writeAudit(entry),
    'error' in decision ? undefined : bundleOf(decision, address, deps),
  )
  if (audited === 'exists') {
    const replay = new CodedError('REPLAY', 'This nonce was used before; sign again with a new one.')
    await auditUnproven(call, replay, nodeName, deps)
    throw replay
  }
  if ('error' in decision) throw decision.error
  return bundle ?? Buffer.alloc(0)
}

/** What comes of a request that its node has signed; it is written down before anybody is told. */
type Decision = Release | Refused
interface Refused {
  error: CodedError
  withheld?: number
}

type Proven = Exclude<Authentication, { kind: 'nobody' }>

async function decide(call: ImportCall, caller: Proven, deps: ImportDeps): Promise<Decision> {
  if (caller.kind === 'clock-skew') {
    const text = `The signature's time is more than ${CLOCK_TOLERANCE_SECONDS} s from the hub's, which the Date header shows.`
    // Not counted: what is old somebody else may send, again and again and for ever.
    return { error: new CodedError('CLOCK_SKEW', text) }
  }
  const tooOften = await rateRefusal(caller.node.nodeName, deps)
  if (tooOften) return { error: tooOften }
  const asked = readImportRequest(call, caller.scheme)
  if (asked instanceof CodedError) return { error: asked }
  const error = refusalOfSigner(IMPORT_ROUTE, caller.node)
  if (error) return { error }
  const [released] = await bothOver(
    release(asked, caller.node, deps),
    deps.dataAccessUsed(caller.node.nodeName, caller.nodePassword),
  )
  return released
}

/** As Promise.all, but over when both are: the memory that an import takes is counted until then, also where one of them fails. */
async function bothOver<A, B>(one: Promise<A>, other: Promise<B> | B): Promise<[A, Awaited<B>]> {
  await Promise.allSettled([one, other])
  return Promise.all([one, other])
}

async function rateRefusal(nodeName: string, { admit }: Pick<ImportDeps, 'admit'>): Promise<CodedError | undefined> {
  try {
    await admit(nodeName)
  } catch (error) {
    if (error instanceof CodedError) return error
    throw error
  }
  return undefined
}

/** A refusal under an id of its own: nobody has shown that the nonce is his, or it is used already. */
async function auditUnproven(
  call: ImportCall,
  error: CodedError,
  node: string | undefined,
  deps: ImportDeps,
): Promise<void> {
  const at = deps.now()
  if (!deps.refusals.admits(at)) return
  const leftOut = deps.refusals.takeLeftOut()
  if (leftOut > 0) deps.log.warn({ leftOut }, 'refused imports came too fast; some are not in the audit')
  await deps.writeAudit(importEntry(call, { id: `refused:${deps.newId()}`, at, node, error }))
}
