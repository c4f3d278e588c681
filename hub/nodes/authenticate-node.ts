import { createHash } from 'node:crypto'
import { CodedError } from '../../protocol/error-codes'
import type { NodeDocument } from '../../schemas/generated/types'
import { basicOf } from './basic-auth'
import type { NodeSecrets } from './node-secrets'

export interface AuthenticateParts {
  nodeOf: (nodeName: string) => Promise<NodeDocument | undefined>
  /** Whether CouchDB takes this name and password. */
  isCouchPassword: (nodeName: string, password: string) => Promise<boolean>
  secrets: Pick<NodeSecrets, 'syncPasswordUsed'>
  settle: (nodeName: string) => Promise<void>
  /** Told of every node that was let in. */
  seen: (nodeName: string) => void
  nowMs?: () => number
}

/** Throws UNAUTHENTICATED or NODE_SUSPENDED. */
export type AuthenticateNode = (nodeName: string, password: string) => Promise<NodeDocument>

/** A password that CouchDB took is not asked about again for so long; one that was replaced works no longer than this. */
const FRESH_MS = 3_000
const MOST_REMEMBERED = 2_000
/** CouchDB hashes slowly, on purpose: wrong passwords must not keep it from its work. */
const MOST_AT_ONCE = 32
/** As they are made: 32 bytes in base64url. */
const PASSWORD = /^[A-Za-z0-9_-]{43}$/

/** Who a node is: its CouchDB user's password, checked by CouchDB itself, and the state of its node document. */
export function nodeAuthenticator(parts: AuthenticateParts): AuthenticateNode {
  const { nodeOf, isCouchPassword, secrets, settle, seen, nowMs = () => performance.now() } = parts
  const remembered = new Map<string, { atMs: number; isRight: Promise<boolean> }>()
  let atOnce = 0

  const ask = async (nodeName: string, password: string): Promise<boolean> => {
    if (atOnce >= MOST_AT_ONCE) throw new CodedError('OVERLOADED', 'Too many nodes log in at once; try again.')
    atOnce++
    try {
      return await isCouchPassword(nodeName, password)
    } finally {
      atOnce--
    }
  }
  const isRight = async (nodeName: string, password: string): Promise<boolean> => {
    const key = createHash('sha256').update(`${nodeName}\n${password}`).digest('base64')
    const before = remembered.get(key)
    if (before && nowMs() - before.atMs < FRESH_MS) return before.isRight
    const entry = { atMs: nowMs(), isRight: ask(nodeName, password) }
    if (remembered.size >= MOST_REMEMBERED) remembered.clear()
    remembered.set(key, entry)
    const right = await entry.isRight.catch((error: unknown) => {
      remembered.delete(key)
      throw error
    })
    // A wrong one may be right a moment later: its node is just being accepted.
    if (!right) remembered.delete(key)
    return right
  }

  return async (nodeName, password) => {
    const node = PASSWORD.test(password) ? await nodeOf(nodeName) : undefined
    if (node === undefined || !(await isRight(nodeName, password))) throw unauthenticated()
    if ((await secrets.syncPasswordUsed(nodeName, password)) === 'replaced') {
      // Its secrets were rotated, and a crash kept CouchDB from learning it.
      await settle(nodeName)
      throw unauthenticated()
    }
    if (node.state === 'suspended') {
      throw new CodedError('NODE_SUSPENDED', node.suspendedReason ?? 'The operator has suspended this facility.')
    }
    seen(nodeName)
    return node
  }
}

/** As `authenticate`, for the Basic credentials of a request. */
export function identifyNode(
  authenticate: AuthenticateNode,
): (request: { headers: { authorization?: string | undefined } }) => Promise<NodeDocument> {
  return async ({ headers }) => {
    const basic = basicOf(headers.authorization)
    if (basic === undefined) throw unauthenticated()
    return authenticate(basic.name, basic.password)
  }
}

function unauthenticated(): CodedError {
  return new CodedError('UNAUTHENTICATED', 'The node name or its password is missing or wrong.')
}
