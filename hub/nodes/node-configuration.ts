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
  }: { hubId: string; baseUrl: string; mrnFloor: number; rules: string; nodePassword?: string },
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
    },
    dataAccess: {
      status,
      ...(reason !== undefined && { reason }),
      ...(status === 'accepted' && { nodeName: node.nodeName }),
      ...(status === 'accepted' && nodePassword !== undefined && { nodePassword }),
    },
  }
}
