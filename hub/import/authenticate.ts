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
  | { kind: 'node'; node: NodeDocument; nodePassword: string; auditId: string; scheme: 'rfc9421' | 'paper' }
  /** Signed by the node, but not now. It is written down under its nonce: the time that it names may come. */
  | { kind: 'clock-skew'; nodeName: string; auditId: string }
  | { kind: 'nobody'; code: ErrorCode; reason: string; claimedName?: string }

export interface AuthenticationDeps {
  nodeOf(nodeName: string): Promise<NodeDocument | undefined>
  /** Unsealed; none for a node without data access, two while one takes the other's place. */
  nodePasswords(nodeName: string): Promise<readonly string[]>
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
  let keys: readonly string[] = []
  const keysOf = async (nodeName: string) => {
    const [document, passwords] = await Promise.all([deps.nodeOf(nodeName), deps.nodePasswords(nodeName)])
    node = document
    keys = document ? passwords : []
    return keys
  }
  const verdict = await verifyImport(call, keysOf, deps.now())
  switch (verdict.kind) {
    case 'missing':
      return { kind: 'nobody', code: 'SIGNATURE_MISSING', reason: 'The request carries no signature.' }
    case 'invalid':
      return nobody(verdict.reason, verdict.nodeName)
    case 'clock-skew':
      return { kind: 'clock-skew', nodeName: verdict.nodeName, auditId: `${verdict.nodeName}:${verdict.nonce}` }
    case 'valid': {
      const nodePassword = keys[verdict.key]
      // A valid verdict comes of a key, and a key of a node.
      return node && nodePassword !== undefined
        ? { kind: 'node', node, nodePassword, auditId: `${verdict.nodeName}:${verdict.nonce}`, scheme: 'rfc9421' }
        : nobody(NOT_OF_THIS_NODE, verdict.nodeName)
    }
  }
}

/** The Date of the paper's scheme isn't signed, so it proves nothing: it has to be there, and is not compared. */
async function byPaperScheme(call: ImportCall, deps: AuthenticationDeps): Promise<Authentication> {
  const nodeName = one(call.headers, NODE_NAME)
  const signature = one(call.headers, NODE_SIGNATURE)
  if (!isNodeName(nodeName)) return nobody(`${NODE_NAME} must be the node's name.`)
  if (parseHttpDate(one(call.headers, 'Date')) === undefined) return nobody('Date must be a date of HTTP.', nodeName)
  const [node, passwords] = await Promise.all([deps.nodeOf(nodeName), deps.nodePasswords(nodeName)])
  const nodePassword = passwords.find((password) => isPaperSignature(signature, call.mrn, password))
  if (nodePassword === undefined || node?.dataAccess.paperScheme !== true) return nobody(NOT_OF_THIS_NODE, nodeName)
  return { kind: 'node', node, nodePassword, auditId: `${nodeName}:paper:${deps.newId()}`, scheme: 'paper' }
}

const NOT_OF_THIS_NODE = 'The signature is not one of this node over the parts that must be signed.'

function nobody(reason: string, claimedName?: string): Authentication {
  return { kind: 'nobody', code: 'SIGNATURE_INVALID', reason, ...(claimedName === undefined ? {} : { claimedName }) }
}

function one(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name.toLowerCase()]
  return typeof value === 'string' ? value : ''
}
