import { CodedError } from '../../protocol/error-codes'
import { hashOfSecret, isSameSecret } from '../../runtime/same-secret'
import type { NodeDocument } from '../../schemas/generated/types'
import { basicOf } from './basic-auth'
import type { NodeSecrets } from './node-secrets'
import { ShortCache } from './short-cache'

export interface AuthenticateParts {
  nodeOf: (nodeName: string) => Promise<NodeDocument | undefined>
  secrets: Pick<NodeSecrets, 'syncPasswordHashes' | 'syncPasswordUsed'>
  /** Whether CouchDB takes this name and password. */
  isCouchPassword: (nodeName: string, password: string) => Promise<boolean>
  settle: (nodeName: string) => Promise<void>
  /** Told of every node that came and is not suspended. */
  seen: (nodeName: string) => void
  nowMs?: () => number
}

/** Throws UNAUTHENTICATED. What a suspended node may do is not decided here. */
export type AuthenticateNode = (nodeName: string, password: string) => Promise<NodeDocument>

/** As they are made: 32 bytes in base64url. */
const PASSWORD = /^[A-Za-z0-9_-]{43}$/

/**
 * Who a node is: its sync password, held against the hash in `node_security`, and the state of its node document. CouchDB
 * is not asked about a wrong password: after a few it locks the account for minutes, and whoever guesses would shut the
 * facility out. A replaced password works no longer than cached hashes are kept.
 */
export function nodeAuthenticator(parts: AuthenticateParts): AuthenticateNode {
  const { nodeOf, secrets, isCouchPassword, settle, seen } = parts
  const readHashes = async (nodeName: string) => {
    const found = await secrets.syncPasswordHashes(nodeName)
    return found.length === 0 ? undefined : found
  }
  const hashes = new ShortCache(readHashes, parts.nowMs)

  const isRight = async (nodeName: string, password: string): Promise<boolean> => {
    const hash = hashOfSecret(password)
    const isAmong = (known: readonly string[] = []) => known.some((one) => isSameSecret(one, hash))
    const remembered = await hashes.known(nodeName)
    if (remembered === undefined) return isAmong(await hashes.get(nodeName))
    // One that is wrong by the cache may have been issued a moment ago.
    return isAmong(remembered) || isAmong(await readHashes(nodeName))
  }
  const confirmAtCouch = async (nodeName: string, password: string, isNew: boolean): Promise<void> => {
    // A wrong try less: CouchDB counts them.
    if (!isNew && (await isCouchPassword(nodeName, password))) return
    // A crash may have kept CouchDB from learning it.
    await settle(nodeName)
    if (await isCouchPassword(nodeName, password)) return
    throw new CodedError('DATABASE_UNAVAILABLE', 'The database does not know these credentials yet; try again.')
  }

  return async (nodeName, password) => {
    if (!PASSWORD.test(password)) throw unauthenticated()
    // Both at once: a name that nobody has takes the time of a wrong password, remembered or not.
    const [node, isTheirs] = await Promise.all([nodeOf(nodeName), isRight(nodeName, password)])
    if (node === undefined || !isTheirs) throw unauthenticated()
    const confirm = (isNew: boolean) => confirmAtCouch(nodeName, password, isNew)
    if (!(await secrets.syncPasswordUsed(nodeName, password, confirm))) throw unauthenticated()
    if (node.state === 'active') seen(nodeName)
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
