import type { WriteDecision } from '../audit/decide'
import { settleCouchUser } from './couch-user'
import type { Database } from './database'
import { NodeSecrets } from './node-secrets'
import type { Sealer } from './seal'

/** Where decisions about nodes are kept. Opened once, in main.ts. */
export interface NodeStores {
  readonly nodes: Database
  readonly nodeSecurity: Database
  readonly secrets: NodeSecrets
  /** Makes the node's CouchDB user what its documents say; to be called after they changed. */
  readonly settle: (nodeName: string) => Promise<void>
  readonly audit: WriteDecision
  readonly now: () => Date
}

export function openNodeStores(parts: {
  nodes: Database
  nodeSecurity: Database
  users: Database
  sealer: Sealer
  audit: WriteDecision
  now?: () => Date
}): NodeStores {
  const { nodes, nodeSecurity, sealer, audit } = parts
  const now = parts.now ?? (() => new Date())
  return {
    nodes,
    nodeSecurity,
    secrets: new NodeSecrets(nodeSecurity, sealer, now),
    settle: (nodeName) => settleCouchUser(nodeName, parts),
    audit,
    now,
  }
}
