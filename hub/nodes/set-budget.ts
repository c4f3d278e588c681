import type { Budget, NodeDocument } from '../../schemas/generated/types'
import { decide } from './decide'
import { changeNode, nextVersion, nodeUnknown, readNode } from './node-documents'
import type { NodeStores } from './node-stores'

/** How much of its link a facility may use; an empty budget takes away the one of before. The edge learns it with its configuration. */
export async function setBudget(
  nodeName: string,
  budget: Budget,
  operator: string,
  stores: NodeStores,
): Promise<NodeDocument> {
  if (!(await readNode(stores.nodes, nodeName))) throw nodeUnknown()
  const decision = { kind: 'node' as const, action: 'budget', node: nodeName, operator, reason: inWords(budget) }
  return decide(stores.audit, decision, () =>
    changeNode(stores.nodes, nodeName, (node) => {
      if (inWords(node.budget ?? {}) === inWords(budget)) return node
      const { budget: _before, ...rest } = node
      return { ...rest, ...(inWords(budget) !== NONE && { budget }), ...nextVersion(node) }
    }),
  )
}

const NONE = 'none'

/** As the audit has it: `64 kbit/s, 50 MB a day, hours 22-06`. */
function inWords({ kilobitsPerSecond, megabytesPerDay, hours, urgent }: Budget): string {
  const parts = [
    kilobitsPerSecond !== undefined && `${kilobitsPerSecond} kbit/s`,
    megabytesPerDay !== undefined && `${megabytesPerDay} MB a day`,
    hours !== undefined && `hours ${hours}`,
    urgent !== undefined && `urgent ${urgent}`,
  ]
  return parts.filter((part) => part !== false).join(', ') || NONE
}
