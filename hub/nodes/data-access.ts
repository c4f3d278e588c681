import { CodedError } from '../../protocol/error-codes'
import type { NodeDocument } from '../../schemas/generated/types'
import { decide } from '../audit/decide'
import { changeNode, nextVersion, nodeUnknown, readNode } from './node-documents'
import type { NodeStores } from './node-stores'

/** A node asks to import. While it waits or is accepted, asking again changes nothing; after a rejection it waits anew. */
export async function requestDataAccess(
  nodeName: string,
  requestReason: string | undefined,
  { nodes, now }: Pick<NodeStores, 'nodes' | 'now'>,
): Promise<NodeDocument> {
  const requestedAt = now().toISOString()
  return changeNode(nodes, nodeName, (node) => {
    if (node.dataAccess.status === 'pending' || node.dataAccess.status === 'accepted') return node
    const dataAccess = { status: 'pending' as const, requestedAt, ...(requestReason && { requestReason }) }
    return { ...node, dataAccess, ...nextVersion(node) }
  })
}

/**
 * The node may import. Its password is there before the node is called accepted, so that a crash in between leaves a
 * node that still waits; accepting again finishes it, or changes `paperScheme`.
 */
export async function acceptDataAccess(
  nodeName: string,
  options: { paperScheme?: boolean },
  operator: string,
  stores: NodeStores,
): Promise<NodeDocument> {
  await refuseUnasked(nodeName, stores)
  const action = options.paperScheme ? 'accept with the paper scheme' : 'accept'
  return decide(stores.audit, { kind: 'data-access', action, node: nodeName, operator }, async () => {
    await stores.secrets.issueNodePassword(nodeName)
    const decidedAt = stores.now().toISOString()
    const node = await changeNode(stores.nodes, nodeName, (current) => {
      const { reason: _old, ...before } = current.dataAccess
      const paperScheme = options.paperScheme ?? before.paperScheme ?? false
      if (before.status === 'accepted' && before.paperScheme === paperScheme) return current
      const dataAccess = { ...before, status: 'accepted' as const, decidedAt, paperScheme }
      return { ...current, dataAccess, ...nextVersion(current) }
    })
    // Somebody may have rejected it in between, and deleted the password.
    await stores.secrets.issueNodePassword(nodeName)
    return node
  })
}

/** Also takes away what was accepted: the node is refused first, then its key deleted. */
export async function rejectDataAccess(
  nodeName: string,
  reason: string,
  operator: string,
  stores: NodeStores,
): Promise<NodeDocument> {
  await refuseUnasked(nodeName, stores)
  return decide(stores.audit, { kind: 'data-access', action: 'reject', node: nodeName, operator, reason }, async () => {
    const decidedAt = stores.now().toISOString()
    const node = await changeNode(stores.nodes, nodeName, (current) => {
      const { paperScheme: _off, ...before } = current.dataAccess
      if (before.status === 'rejected' && before.reason === reason) return current
      return { ...current, dataAccess: { ...before, status: 'rejected', reason, decidedAt }, ...nextVersion(current) }
    })
    await stores.secrets.dropNodePassword(nodeName)
    return node
  })
}

async function refuseUnasked(nodeName: string, { nodes }: NodeStores): Promise<void> {
  const node = await readNode(nodes, nodeName)
  if (!node) throw nodeUnknown()
  if (node.dataAccess.status === 'none') {
    throw new CodedError('DATA_ACCESS_NOT_REQUESTED', 'The facility has not asked for data access.')
  }
}
