import type { NodeDocument } from '../../schemas/generated/types'
import { decide } from '../audit/decide'
import { changeNode, nextVersion, nodeUnknown, readNode } from './node-documents'
import type { NodeStores } from './node-stores'

/**
 * Suspends a node: the gateways refuse it within seconds, and its CouchDB user loses its roles, so that the validators
 * refuse it too. Suspending it again replaces the reason, and finishes what a crash cut off.
 */
export async function suspendNode(
  nodeName: string,
  reason: string,
  operator: string,
  stores: NodeStores,
): Promise<NodeDocument> {
  return changeState('suspend', nodeName, { operator, reason }, stores, (node) =>
    node.state === 'suspended' && node.suspendedReason === reason
      ? node
      : { ...node, state: 'suspended', suspendedReason: reason, ...nextVersion(node) },
  )
}

export async function resumeNode(nodeName: string, operator: string, stores: NodeStores): Promise<NodeDocument> {
  return changeState('resume', nodeName, { operator }, stores, (node) => {
    if (node.state === 'active') return node
    const { suspendedReason: _over, ...rest } = node
    return { ...rest, state: 'active', ...nextVersion(node) }
  })
}

/**
 * New secrets. Without an overlap the old ones end now: the edge finds its password refused, and gets the new one for its
 * claim (GET /registrations/{id}). With one both work until `overlapMs` have passed or the new one was used, which the edge
 * finds in its configuration. The new node password is there in either case.
 */
export async function rotateSecrets(
  nodeName: string,
  overlapMs: number,
  operator: string,
  stores: NodeStores,
): Promise<NodeDocument> {
  if (!(await readNode(stores.nodes, nodeName))) throw nodeUnknown()
  const oldEndAt = new Date(stores.now().getTime() + overlapMs)
  const reason = overlapMs > 0 ? `The old ones work until ${oldEndAt.toISOString()} at the latest.` : undefined
  const decision = { kind: 'node', action: 'rotate', node: nodeName, operator, ...(reason && { reason }) } as const
  return decide(stores.audit, decision, async () => {
    const node = await changeNode(stores.nodes, nodeName, (current) => ({ ...current, ...nextVersion(current) }))
    if (overlapMs > 0) {
      await stores.secrets.rotateWithOverlap(nodeName, oldEndAt)
    } else {
      await stores.secrets.rotate(nodeName)
      await stores.settle(nodeName)
    }
    return node
  })
}

async function changeState(
  action: 'suspend' | 'resume',
  nodeName: string,
  by: { operator: string; reason?: string },
  stores: NodeStores,
  change: (node: NodeDocument) => NodeDocument,
): Promise<NodeDocument> {
  if (!(await readNode(stores.nodes, nodeName))) throw nodeUnknown()
  return decide(stores.audit, { kind: 'node', action, node: nodeName, ...by }, async () => {
    const node = await changeNode(stores.nodes, nodeName, change)
    await stores.settle(nodeName)
    return node
  })
}
