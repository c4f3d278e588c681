import { CodedError } from '../../protocol/error-codes'
import { CLOCK_TOLERANCE_SECONDS } from '../../protocol/import-signature'
import type { Log } from '../../runtime/log'
import type { AuditEntry } from '../../schemas/generated/types'
import { refusalOfSigner } from '../access/refusal-at'
import { importEntry } from './audit-entries'
import { type Authentication, type AuthenticationDeps, authenticate, type ImportCall } from './authenticate'
import { bundleText, entryText } from './bundle-text'
import { type ImportRequest, readImportRequest } from './import-request'
import { type RecordReader, readLinkedRecords, type StoredRecord } from './read-record'
import { referredEntries } from './referred-entries'
import type { RefusalLimit } from './refusal-limit'

export const IMPORT_ROUTE = 'GET /fhir/Patient/:mrn/$everything'

export interface ImportDeps extends AuthenticationDeps {
  /** Called for each valid signature: the node has this password, so it is not shown again. */
  dataAccessUsed(nodeName: string, nodePassword: string): Promise<void>
  /** Creates an entry, on the disk when it is answered; `exists` if there is one of this id. */
  writeAudit(entry: AuditEntry): Promise<'written' | 'exists'>
  records: RecordReader
  refusals: RefusalLimit
  log: Log
}

/**
 * A record as the text of a Bundle, for a signed request; else a CodedError is thrown.
 *
 * Whatever a node's valid signature comes to, released, refused or too late, is written down under its nonce, once. So a
 * nonce counts for one answer: a request that was refused today can't be sent again by somebody else when it would be
 * granted. Nothing is returned before the entry is on the disk (law 6).
 */
export async function answerImport(
  call: ImportCall,
  address: { base: string; self: string },
  deps: ImportDeps,
): Promise<string> {
  const caller = await authenticate(call, deps)
  if (caller.kind === 'nobody') {
    const error = new CodedError(caller.code, caller.reason)
    await auditUnproven(call, error, caller.claimedName, deps)
    throw error
  }
  const decision = await decide(call, caller, address, deps)
  const nodeName = caller.kind === 'node' ? caller.node.nodeName : caller.nodeName
  const error = decision instanceof CodedError ? decision : undefined
  const linked = decision instanceof CodedError ? [] : decision.mrns.filter((mrn) => mrn !== call.mrn)
  const entry = importEntry(call, { id: caller.auditId, at: deps.now(), node: nodeName, error, linked })

  const [audited, text] = await Promise.all([
    deps.writeAudit(entry),
    decision instanceof CodedError ? '' : bundleOf(decision, address, deps),
  ])
  if (audited === 'exists') {
    const replay = new CodedError('REPLAY', 'This nonce was used before; sign again with a new one.')
    await auditUnproven(call, replay, nodeName, deps)
    throw replay
  }
  if (error) throw error
  return text
}

/** What is to be released once it is audited. */
interface Release {
  matches: string[]
  /** Of the patient that was asked for and of the linked ones. */
  mrns: string[]
}

type Proven = Exclude<Authentication, { kind: 'nobody' }>

async function decide(
  call: ImportCall,
  caller: Proven,
  address: { base: string },
  deps: ImportDeps,
): Promise<Release | CodedError> {
  if (caller.kind === 'clock-skew') {
    return new CodedError(
      'CLOCK_SKEW',
      `The signature's time is more than ${CLOCK_TOLERANCE_SECONDS} s from the hub's, which the Date header shows.`,
    )
  }
  const asked = readImportRequest(call, caller.scheme)
  if (asked instanceof CodedError) return asked
  return refusalOfSigner(IMPORT_ROUTE, caller.node) ?? release(asked, caller, address, deps)
}

async function release(
  asked: ImportRequest,
  { node, nodePassword }: Extract<Proven, { kind: 'node' }>,
  address: { base: string },
  deps: ImportDeps,
): Promise<Release | CodedError> {
  const [found] = await Promise.all([
    readLinkedRecords(asked.mrn, asked.linked, deps.records),
    deps.dataAccessUsed(node.nodeName, nodePassword),
  ])
  if (!found) return new CodedError('PATIENT_UNKNOWN', 'The hub has no patient of this MRN.')
  return {
    matches: [...found.values()].flat().map((document) => entryText(document, 'match', address.base)),
    mrns: [...found.keys()],
  }
}

async function bundleOf(
  { matches, mrns }: Release,
  address: { base: string; self: string },
  deps: ImportDeps,
): Promise<string> {
  const entryOf = (document: StoredRecord) => entryText(document, 'include', address.base)
  const included = await referredEntries(matches, mrns, (ids) => deps.records.byIds(ids), entryOf)
  return bundleText({ matches, included }, address.self, deps.now())
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
