import type { NodeDocument } from '../../schemas/generated/types'
import { decide } from '../audit/decide'
import { changeNode, nodeUnknown, readNode } from './node-documents'
import type { NodeStores } from './node-stores'

/** In which district a facility is counted; without one, it is where its own documents say. Nothing of it goes to the edge. */
export async function setDistrict(
  nodeName: string,
  asked: string | undefined,
  operator: string,
  stores: NodeStores,
): Promise<NodeDocument> {
  if (!(await readNode(stores.nodes, nodeName))) throw nodeUnknown()
  const district = asked?.trim() || undefined
  const decision = {
    kind: 'node',
    action: 'district',
    node: nodeName,
    operator,
    reason: district ?? 'As it says.',
  } as const
  return decide(stores.audit, decision, () =>
    changeNode(stores.nodes, nodeName, ({ district: _before, ...node }) => ({
      ...node,
      ...(district && { district }),
    })),
  )
}
