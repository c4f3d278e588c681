import type { NodeConfiguration, NodeDocument } from '../../schemas/generated/types'

/** The replication filter in the design documents by which an edge sends. */
const FILTER = 'own/own'

export function nodeConfiguration(
  node: NodeDocument,
  {
    hubId,
    baseUrl,
    mrnFloor,
    rules,
    nodePassword,
    syncPassword,
  }: {
    hubId: string
    baseUrl: string
    mrnFloor: number
    rules: string
    nodePassword?: string
    /** A new one, beside the one that the caller came with. */
    syncPassword?: string
  },
): NodeConfiguration {
  const { status, reason } = node.dataAccess
  return {
    version: node.configurationVersion,
    hubId,
    sync: {
      url: `${baseUrl}/sync/ehr`,
      filter: FILTER,
      mrnFloor,
      rules,
      ...(node.budget !== undefined && { budget: node.budget }),
      ...(node.lanes !== undefined && { lanes: node.lanes }),
      ...(node.retryRefusedAt !== undefined && { retryRefusedAt: node.retryRefusedAt }),
    },
    ...(syncPassword !== undefined && { credentials: { nodeName: node.nodeName, syncPassword } }),
    dataAccess: {
      status,
      ...(reason !== undefined && { reason }),
      ...(status === 'accepted' && { nodeName: node.nodeName }),
      ...(status === 'accepted' && nodePassword !== undefined && { nodePassword }),
    },
  }
}
