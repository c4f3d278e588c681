import type { ConfigurationVersion, NodeDocument } from '../../schemas/generated/types'
import type { Database } from './database'
import { readRegistration } from './node-documents'

/** Before anybody has set one. */
const FIRST = 1

export type SyncSettings = ConfigurationVersion['sync']

/** What of a node its edge obeys. */
export function syncOf({ budget, lanes }: NodeDocument): SyncSettings {
  return { ...(budget && { budget }), ...(lanes && { lanes }) }
}

/** The configuration that holds. */
export async function configurationOf(node: NodeDocument, nodes: Database): Promise<ConfigurationVersion> {
  const sync = syncOf(node)
  if (node.configured) return { ...node.configured, sync }
  const { decidedBy = 'operator' } = (await readRegistration(nodes, node.registrationId)) ?? {}
  return { version: FIRST, at: node.acceptedAt, by: decidedBy, sync }
}
