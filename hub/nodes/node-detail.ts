import type { NodeDetail, NodeReport } from '../../schemas/generated/types'
import { isReceiptDocument } from '../../schemas/generated/validators'
import { configurationOf } from './configuration-of'
import { type Database, stored } from './database'
import { nodeSummary } from './lists'
import { nodeUnknown, readNode } from './node-documents'

/** One node as it is in the list, with its configuration and its newest receipt. Throws NODE_UNKNOWN. */
export async function nodeDetail(
  nodeName: string,
  nodes: Database,
  of: {
    seenAt: (nodeName: string) => Promise<string | undefined>
    reportOf: (nodeName: string) => Promise<NodeReport | undefined>
  },
): Promise<NodeDetail> {
  const node = await readNode(nodes, nodeName)
  if (node === undefined) throw nodeUnknown()
  const [lastSeenAt, report, refused, found, configuration] = await Promise.all([
    of.seenAt(nodeName),
    of.reportOf(nodeName),
    nodes.counts('refusals', 'by-node'),
    nodes.get(`receipt:${nodeName}`),
    configurationOf(node, nodes),
  ])
  const receipt = found === undefined ? undefined : stored(isReceiptDocument, found, 'receipt').receipt
  return {
    ...nodeSummary(node),
    ...(lastSeenAt !== undefined && { lastSeenAt }),
    refusedDocuments: refused.get(nodeName) ?? 0,
    ...(report && { report }),
    ...(receipt && { receipt, lastReceipt: { count: receipt.count, at: receipt.at } }),
    configuration,
  }
}
