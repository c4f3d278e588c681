import type { IncomingHttpHeaders } from 'node:http'
import type { ErrorCode } from '../../protocol/error-codes'
import { NODE_NAME, NODE_SIGNATURE, SIGNATURE, SIGNATURE_INPUT } from '../../protocol/headers'
import { parseHttpDate } from '../../protocol/http-date'
import { verifyImport } from '../../protocol/import-signature'
import { isNodeName } from '../../protocol/node-name'
import { paperKeyOf } from '../../protocol/paper-signature'
import type { NodeDocument } from '../../schemas/generated/types'

export interface ImportCall {
  method: string
  /** Path and query as they are on the request line. */
  target: string
  headers: IncomingHttpHeaders
  /** From the path; not checked yet. */
  mrn: string
}

/** Who signed. `auditId` is where this request is written down: it exists already if the request is a replay. */
export type Authentication =
  | { kind: 'node'; node: NodeDocument; nodePassword: string; auditId: string; scheme: 'rfc9421' | 'paper' }
  /** Signed by the node, but not now. It is written down under its nonce: the time that it names may come. */
  | { kind: 'clock-skew'; nodeName: string; auditId: string }
  | { kind: 'nobody'; code: ErrorCode; reason: string; claimedName?: string }

/** As far as they are known: no node and no passwords for a name that nobody has. */
interface Signer {
  node: NodeDocument | undefined
  /** Unsealed; none for a node without data access, two while one takes the other's place. */
  nodePasswords: readonly string[]
}

export interface AuthenticationDeps {
  /** Remembered for a moment, or read anew; it must cost the same for a name that nobody has. */
  signerOf(nodeName: string, isFresh: boolean): Promise<Signer>
  now(): Date
  /** A part of an id that no other request has. */
  newId(): string
}

/** A request that carries any header of RFC 9421 is judged by that alone: the paper's scheme is no way round it. */
export function authenticate(call: ImportCall, deps: AuthenticationDeps): Promise<Authentication> {
  const { headers } = call
  const has = (name: string) => headers[name.toLowerCase()] !== undefined
  if (has(SIGNATURE) || has(SIGNATURE_INPUT)) return bySignature(call, deps)
  if (has(NODE_SIGNATURE) || has(NODE_NAME)) return byPaperScheme(call, deps)
  return Promise.resolve({
    kind: 'nobody',
    code: 'SIGNATURE_MISSING',
    reason: 'The request carries no signature; see docs/import-client.md.',
  })
}

/**
 * What is remembered may be behind, so a signature that does not fit it is held against what is there now: a key that was
 * issued a moment ago counts at once, and a name that nobody has costs what a wrong key costs.
 */
async function bySignature(call: ImportCall, deps: AuthenticationDeps): Promise<Authentication> {
  for (const isFresh of [false, true]) {
    let signer: Signer | undefined
    const keysOf = async (nodeName: string) => {
      signer = await deps.signerOf(nodeName, isFresh)
      return signer.node ? signer.nodePasswords : []
    }
    const verdict = await verifyImport(call, keysOf, deps.now())
    switch (verdict.kind) {
      case 'missing':
        return { kind: 'nobody', code: 'SIGNATURE_MISSING', reason: 'The request carries no signature.' }
      case 'malformed':
        return nobody(verdict.reason)
      case 'invalid':
        if (!isFresh) continue
        return nobody(verdict.reason, verdict.nodeName)
      case 'clock-skew':
        return { kind: 'clock-skew', nodeName: verdict.nodeName, auditId: `${verdict.nodeName}:${verdict.nonce}` }
      case 'valid':
        return proven(signer, verdict.key, `${verdict.nodeName}:${verdict.nonce}`, 'rfc9421', deps)
    }
  }
  return nobody(NOT_OF_THIS_NODE)
}

/** What was granted a moment ago counts now; what was taken away may count for as long as it is remembered. */
async function proven(
  signer: Signer | undefined,
  key: number,
  auditId: string,
  scheme: 'rfc9421' | 'paper',
  deps: AuthenticationDeps,
): Promise<Authentication> {
  const nodePassword = signer?.nodePasswords[key]
  // A valid verdict comes of a key, and a key of a node.
  if (!signer?.node || nodePassword === undefined) return nobody(NOT_OF_THIS_NODE)
  const isGranted = signer.node.state === 'active' && signer.node.dataAccess.status === 'accepted'
  const node = isGranted ? signer.node : ((await deps.signerOf(signer.node.nodeName, true)).node ?? signer.node)
  return { kind: 'node', node, nodePassword, auditId, scheme }
}

/** The Date of the paper's scheme isn't signed, so it proves nothing: it has to be there, and is not compared. */
async function byPaperScheme(call: ImportCall, deps: AuthenticationDeps): Promise<Authentication> {
  const nodeName = one(call.headers, NODE_NAME)
  const signature = one(call.headers, NODE_SIGNATURE)
  if (!isNodeName(nodeName)) return nobody(`${NODE_NAME} must be the node's name.`)
  if (parseHttpDate(one(call.headers, 'Date')) === undefined) return nobody('Date must be a date of HTTP.', nodeName)
  for (const isFresh of [false, true]) {
    const signer = await deps.signerOf(nodeName, isFresh)
    const key = paperKeyOf(signature, call.mrn, signer.nodePasswords)
    if (key !== undefined && signer.node?.dataAccess.paperScheme === true) {
      return proven(signer, key, `${nodeName}:paper:${deps.newId()}`, 'paper', deps)
    }
  }
  return nobody(NOT_OF_THIS_NODE, nodeName)
}

const NOT_OF_THIS_NODE = 'The signature is not one of this node over the parts that must be signed.'

function nobody(reason: string, claimedName?: string): Authentication {
  return { kind: 'nobody', code: 'SIGNATURE_INVALID', reason, ...(claimedName === undefined ? {} : { claimedName }) }
}

function one(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name.toLowerCase()]
  return typeof value === 'string' ? value : ''
}
