import { nodeNameOf } from '../../protocol/node-name'
import type { RegistrationDocument } from '../../schemas/generated/types'
import { decide } from '../audit/decide'
import { decided, known } from './accept-registration'
import { changeDocument } from './database'
import { asRegistration, readNode } from './node-documents'
import type { NodeStores } from './node-stores'

/** Rejects a registration that waits. Rejecting it again changes nothing; an accepted node is suspended instead. */
export async function rejectRegistration(
  id: string,
  reason: string,
  operator: string,
  stores: NodeStores,
): Promise<RegistrationDocument> {
  const registration = await known(id, stores)
  if (registration.status === 'rejected') return registration
  if (registration.status === 'accepted') throw decided('accepted')
  const nodeName = nodeNameOf(registration.externalId)
  // Accepting it was begun and cut off: the node stands, and accepting again finishes it.
  if ((await readNode(stores.nodes, nodeName))?.registrationId === id) throw decided('accepted')
  const decision = { kind: 'registration', action: 'reject', node: nodeName, operator, reason } as const
  return decide(stores.audit, decision, async () => {
    const at = stores.now().toISOString()
    return changeDocument<RegistrationDocument, RegistrationDocument>(
      stores.nodes,
      registration._id,
      asRegistration,
      (current) => {
        if (current?.status === 'accepted') throw decided('accepted')
        if (current?.status === 'rejected') return current
        return { ...(current ?? registration), status: 'rejected', reason, decidedAt: at, decidedBy: operator }
      },
    )
  })
}
