import type { IncomingHttpHeaders } from 'node:http'
import type { ErrorCode } from '../../protocol/error-codes'
import { NODE_NAME, NODE_SIGNATURE, SIGNATURE, SIGNATURE_INPUT } from '../../protocol/headers'
import { parseHttpDate } from '../../protocol/http-date'
import { verifyImport } from '../../protocol/import-signature'
import { isNodeName } from '../../protocol/node-name'
import { isPaperSignature } from '../../protocol/paper-signature'
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
  | { kind: 'node'; node: NodeDocument; auditId: string; scheme: 'rfc9421' | 'paper' }
  /** Signed by the node, but not now. It is written down under its nonce: the time that it names may come. */
  | { kind: 'clock-skew'; nodeName: string; auditId: string }
  | { kind: 'nobody'; code: ErrorCode; reason: string; claimedName?: string }

export interface AuthenticationDeps {
  nodeOf(nodeName: string): Promise<NodeDocument | undefined>
  /** Unsealed; undefined for a node without data access. */
  nodePassword(nodeName: string): Promise<string | undefined>
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

async function bySignature(call: ImportCall, deps: AuthenticationDeps): Promise<Authentication> {
  let node: NodeDocument | undefined
  const keyOf = async (nodeName: string) => {
    const [document, password] = await Promise.all([deps.nodeOf(nodeName), deps.nodePassword(nodeName)])
    node = document
    return document && password
  }
  const verdict = await verifyImport(call, keyOf, deps.now())
  switch (verdict.kind) {
    case 'missing':
      return { kind: 'nobody', code: 'SIGNATURE_MISSING', reason: 'The request carries no signature.' }
    case 'invalid':
      return nobody(verdict.reason, verdict.nodeName)
    case 'clock-skew':
      return { kind: 'clock-skew', nodeName: verdict.nodeName, auditId: `${verdict.nodeName}:${verdict.nonce}` }
    case 'valid':
      // A valid verdict comes of a key, and a key of a node.
      return node
        ? { kind: 'node', node, auditId: `${verdict.nodeName}:${verdict.nonce}`, scheme: 'rfc9421' }
        : nobody(NOT_OF_THIS_NODE, verdict.nodeName)
  }
}

/** The Date of the paper's scheme isn't signed, so it proves nothing: it has to be there, and is not compared. */
async function byPaperScheme(call: ImportCall, deps: AuthenticationDeps): Promise<Authentication> {
  const nodeName = one(call.headers, NODE_NAME)
  const signature = one(call.headers, NODE_SIGNATURE)
  if (!isNodeName(nodeName)) return nobody(`${NODE_NAME} must be the node's name.`)
  if (parseHttpDate(one(call.headers, 'Date')) === undefined) return nobody('Date must be a date of HTTP.', nodeName)
  const [node, password] = await Promise.all([deps.nodeOf(nodeName), deps.nodePassword(nodeName)])
  const isSigned = isPaperSignature(signature, call.mrn, password ?? '')
  if (!isSigned || !node || password === undefined || node.dataAccess.paperScheme !== true) {
    return nobody(NOT_OF_THIS_NODE, nodeName)
  }
  return { kind: 'node', node, auditId: `${nodeName}:paper:${deps.newId()}`, scheme: 'paper' }
}

const NOT_OF_THIS_NODE = 'The signature is not one of this node over the parts that must be signed.'

function nobody(reason: string, claimedName?: string): Authentication {
  return { kind: 'nobody', code: 'SIGNATURE_INVALID', reason, ...(claimedName === undefined ? {} : { claimedName }) }
}

function one(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name.toLowerCase()]
  return typeof value === 'string' ? value : ''
}
