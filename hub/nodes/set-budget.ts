import type { Budget, NodeDocument } from '../../schemas/generated/types'
import { decide } from '../audit/decide'
import { configure } from './configurations'
import { nodeUnknown, readNode } from './node-documents'
import type { NodeStores } from './node-stores'
import { budgetInWords } from './settings-in-words'

/** How much of its link a facility may use; an empty budget takes away the one of before. The edge learns it with its configuration. */
export async function setBudget(
  nodeName: string,
  budget: Budget,
  operator: string,
  stores: NodeStores,
): Promise<NodeDocument> {
  if (!(await readNode(stores.nodes, nodeName))) throw nodeUnknown()
  const decision = { kind: 'node' as const, action: 'budget', node: nodeName, operator, reason: budgetInWords(budget) }
  return decide(stores.audit, decision, () =>
    configure(nodeName, (before) => ({ ...before, budget }), { operator }, stores),
  )
}
