import { nodeNameOf } from '../../protocol/node-name'
import type {
  NodeConfiguration,
  NodeDocument,
  RegistrationAnswer,
  RegistrationDocument,
} from '../../schemas/generated/types'
import { readNode, readRegistration } from './node-documents'
import type { NodeStores } from './node-stores'
import { claimed, standingOf } from './registrations'

/** Whose claim it is; undefined for an unknown id, an expired registration and a wrong claim alike. */
export async function claimedRegistration(
  id: string,
  claim: string,
  { nodes, now }: Pick<NodeStores, 'nodes' | 'now'>,
): Promise<RegistrationDocument | undefined> {
  return claimed(await readRegistration(nodes, id), claim, now())
}

/**
 * What the holder of a claim may know of its registration.
 *
 * Credentials are in the answer until the node has used them. A password that is handed over is one that CouchDB takes,
 * also where a crash cut off the telling.
 */
export async function answerRegistration(
  registration: RegistrationDocument,
  stores: NodeStores,
  configurationOf: (node: NodeDocument) => Promise<NodeConfiguration>,
): Promise<RegistrationAnswer> {
  const { id } = registration
  const nodeName = nodeNameOf(registration.externalId)
  const node = registration.status === 'accepted' ? await readNode(stores.nodes, nodeName) : undefined
  const { status, reason } = standingOf(registration, node)
  const answer: RegistrationAnswer = { id, status, ...(status === 'rejected' && reason !== undefined && { reason }) }
  if (status !== 'accepted' || node === undefined) return answer
  const syncPassword = await stores.secrets.syncPasswordFor(nodeName, id)
  if (syncPassword !== undefined) await stores.settle(nodeName)
  return {
    ...answer,
    configuration: await configurationOf(node),
    ...(syncPassword !== undefined && { credentials: { nodeName, syncPassword } }),
  }
}
