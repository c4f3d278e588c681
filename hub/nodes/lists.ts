import { CodedError } from '../../protocol/error-codes'
import { nodeNameOf } from '../../protocol/node-name'
import type {
  NodeDocument,
  NodeList,
  NodeReport,
  NodeSummary,
  RegistrationSummary,
} from '../../schemas/generated/types'
import { isReceiptDocument } from '../../schemas/generated/validators'
import { type Database, endOf, stored } from './database'
import { listNodes, listRegistrations } from './node-documents'
import type { NodeStores } from './node-stores'
import { registrationSummary, standingOf } from './registrations'
import { isExpired } from './waiting'

/** As they count now, oldest first. */
export async function registrationList(
  { nodes, now }: NodeStores,
  status: string | undefined,
): Promise<RegistrationSummary[]> {
  if (status !== undefined && !/^(pending|accepted|rejected)$/.test(status)) {
    throw new CodedError('INVALID_REQUEST', 'status must be pending, accepted or rejected.')
  }
  const [registrations, all] = await Promise.all([listRegistrations(nodes), listNodes(nodes)])
  const byName = new Map(all.map((node) => [node.nodeName, node]))
  const at = now()
  return registrations
    .filter((registration) => !isExpired(registration, at))
    .map((registration) => standingOf(registration, byName.get(nodeNameOf(registration.externalId))))
    .filter((registration) => status === undefined || registration.status === status)
    .sort((a, b) => a.requestedAt.localeCompare(b.requestedAt))
    .map(registrationSummary)
}

/**
 * With what is known of each besides: when it was last there, how many of its documents the gate refuses, and when it
 * last found all of them here.
 */
export async function nodeList(
  nodes: Database,
  of: { seen: () => Promise<Map<string, string>>; reports: () => Promise<Map<string, NodeReport>> },
): Promise<NodeList> {
  // The gate keeps one document for each refusal, up to a thousand for each node.
  const refusals = nodes.counts('refusals', 'by-node')
  const [all, seenAt, reports, refused, receipts] = await Promise.all([
    listNodes(nodes),
    of.seen(),
    of.reports(),
    refusals,
    lastReceipts(nodes),
  ])
  return {
    nodes: all.map((node) => {
      const lastSeenAt = seenAt.get(node.nodeName)
      const lastReceipt = receipts.get(node.nodeName)
      const report = reports.get(node.nodeName)
      return {
        ...nodeSummary(node),
        ...(lastSeenAt !== undefined && { lastSeenAt }),
        refusedDocuments: refused.get(node.nodeName) ?? 0,
        ...(lastReceipt && { lastReceipt }),
        ...(report && { report }),
      }
    }),
  }
}

export function nodeSummary(node: NodeDocument): NodeSummary {
  const { _id, _rev, kind, ...summary } = node
  return summary
}

/** The newest of each node is kept as `receipt:<nodeName>`. */
async function lastReceipts(nodes: Database): Promise<Map<string, { count: number; at: string }>> {
  const found = await nodes.range('receipt:', endOf('receipt:'))
  return new Map(
    found.map((document) => {
      const { nodeName, receipt } = stored(isReceiptDocument, document, 'receipt')
      return [nodeName, { count: receipt.count, at: receipt.at }]
    }),
  )
}
