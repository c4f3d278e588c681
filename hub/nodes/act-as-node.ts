import { CodedError } from '../../protocol/error-codes'
import type { NodeDocument } from '../../schemas/generated/types'
import type { AskAsUser, NodeSessions } from '../couch/run-as'

export interface ActParts {
  sessions: Pick<NodeSessions, 'asUser'>
  /** At most some seconds old. */
  nodeOf: (nodeName: string) => Promise<NodeDocument | undefined>
  /** As it is now. */
  readNode: (nodeName: string) => Promise<NodeDocument | undefined>
}

/**
 * CouchDB as a node's own user. A request may take long, with a body that comes byte by byte: whether the node is suspended is
 * looked at again whenever something is asked of CouchDB for it. CouchDB itself shuts a suspended user out at once, sooner than
 * a gateway may have heard of it, and then the caller is told why.
 */
export async function actAsNode(nodeName: string, password: string, parts: ActParts): Promise<AskAsUser> {
  const ask = await parts.sessions.asUser(nodeName, password)
  if (!ask) throw unauthenticated()
  return async (method, path, body) => {
    refuseSuspended(await parts.nodeOf(nodeName))
    const answer = await ask(method, path, body)
    if (answer.status !== 401 && answer.status !== 403) return answer
    refuseSuspended(await parts.readNode(nodeName))
    if (answer.status === 401) throw unauthenticated()
    return answer
  }
}

function refuseSuspended(node: NodeDocument | undefined): void {
  if (node?.state !== 'suspended') return
  throw new CodedError('NODE_SUSPENDED', node.suspendedReason ?? 'The operator has suspended this facility.')
}

function unauthenticated(): CodedError {
  return new CodedError('UNAUTHENTICATED', 'The node name or its password is missing or wrong.')
}
