import { CodedError } from '../../protocol/error-codes'
import type { NodeDocument, RetryRefusedResult } from '../../schemas/generated/types'
import { decide } from '../audit/decide'
import { changeNode, nextVersion, nodeUnknown, readNode } from './node-documents'
import type { NodeStores } from './node-stores'

/** So many at once: the audit writes together what comes together. */
const AT_ONCE = 10

/** Has the edge send what was refused once more, when it next asks for its configuration. Throws NODE_UNKNOWN. */
export async function retryRefused(
  nodeName: string,
  { operator, reason }: { operator: string; reason?: string },
  stores: NodeStores,
): Promise<NodeDocument> {
  if (!(await readNode(stores.nodes, nodeName))) throw nodeUnknown()
  const decision = { kind: 'node', action: 'retry-refused', node: nodeName, operator } as const
  return decide(stores.audit, { ...decision, ...(reason !== undefined && { reason }) }, () =>
    changeNode(stores.nodes, nodeName, (node) => ({
      ...node,
      retryRefusedAt: stores.now().toISOString(),
      ...nextVersion(node),
    })),
  )
}

/**
 * The same at each of these facilities, with an entry of its own, which says the reason whose cause is gone. A facility that is none any more holds
 * up no other; whatever else goes wrong ends it, and the same again has all of them asked.
 */
export async function retryAllRefused(
  nodeNames: readonly string[],
  by: { operator: string; reason: string },
  stores: NodeStores,
): Promise<RetryRefusedResult> {
  const nodes: string[] = []
  const one = async (nodeName: string) => {
    try {
      await retryRefused(nodeName, by, stores)
      nodes.push(nodeName)
    } catch (error) {
      if (!(error instanceof CodedError) || error.code !== 'NODE_UNKNOWN') throw error
    }
  }
  for (let at = 0; at < nodeNames.length; at += AT_ONCE) await Promise.all(nodeNames.slice(at, at + AT_ONCE).map(one))
  return { nodes: nodes.sort() }
}
