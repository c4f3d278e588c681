import { createHash } from 'node:crypto'
import { CodedError } from '../../protocol/error-codes'
import { rolesOf } from '../../protocol/node-name'
import type { CredentialsDocument, NodeDocument } from '../../schemas/generated/types'
import { isCredentialsDocument } from '../../schemas/generated/validators'
import { type Database, type DatabaseDocument, stored } from './database'
import { externalIdOf, readNode } from './node-documents'
import type { Sealer } from './seal'

/** CouchDB's own document, with its hashes, and the mark that says which password they are of. */
interface CouchUser extends DatabaseDocument {
  name: string
  type: 'user'
  roles: string[]
  password?: string
  lontarPassword?: string
}

const MOST_TRIES = 20

/**
 * Makes a node's CouchDB user what the node's documents say: its password the one that is sealed to be handed over, its
 * roles those of an active node, none of a suspended one (so the validators hold it too), and no user without a node.
 *
 * It looks at the documents again after it wrote, and they are always written before this is called. So whatever runs
 * at the same time, here or at another gateway, and wherever a crash cuts in, the last call leaves the user right.
 */
export async function settleCouchUser(
  nodeName: string,
  { nodes, nodeSecurity, users, sealer }: { nodes: Database; nodeSecurity: Database; users: Database; sealer: Sealer },
): Promise<void> {
  const read = async () => {
    const [node, found] = await Promise.all([readNode(nodes, nodeName), nodeSecurity.get(nodeName)])
    return { node, credentials: found === undefined ? undefined : stored(isCredentialsDocument, found, 'credentials') }
  }
  let seen = await read()
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const outcome = await writeUser(nodeName, seen.node, seen.credentials, { users, sealer })
    const now = await read()
    const isSame = now.node?._rev === seen.node?._rev && now.credentials?._rev === seen.credentials?._rev
    if (outcome === 'written' && isSame) return
    seen = now
  }
  throw new CodedError('OVERLOADED', 'Too many changes at once to one facility; try again.')
}

async function writeUser(
  nodeName: string,
  node: NodeDocument | undefined,
  credentials: CredentialsDocument | undefined,
  { users, sealer }: { users: Database; sealer: Sealer },
): Promise<'written' | 'conflict'> {
  const id = `org.couchdb.user:${nodeName}`
  const user = (await users.get(id)) as CouchUser | undefined
  if (node === undefined) return user?._rev ? users.remove(id, user._rev) : 'written'
  const roles = node.state === 'active' ? rolesOf(externalIdOf(nodeName)) : []
  const sealed = credentials?.syncPasswordSealed
  const mark = sealed === undefined ? user?.lontarPassword : createHash('sha256').update(sealed).digest('hex')
  const isNewPassword = sealed !== undefined && mark !== user?.lontarPassword
  if (user === undefined && sealed === undefined) return 'written'
  if (user && !isNewPassword && sameRoles(user.roles, roles)) return 'written'
  const next: CouchUser = {
    ...(user ?? { _id: id, name: nodeName, type: 'user' }),
    roles,
    ...(mark !== undefined && { lontarPassword: mark }),
    ...(isNewPassword && { password: sealer.open(sealed, { nodeName, kind: 'sync-password' }) }),
  }
  return users.put(next)
}

function sameRoles(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && b.every((role) => a.includes(role))
}
