import type { NodeDocument, RegistrationDocument } from '../../schemas/generated/types'
import { decide } from '../audit/decide'
import { changeDocument } from './database'
import {
  asRegistration,
  changeNode,
  externalIdOf,
  listRegistrations,
  nodeUnknown,
  readNode,
  readRegistration,
} from './node-documents'
import type { NodeStores } from './node-stores'

/**
 * Lets a facility in again. An accepted one may register a new machine: its registration waits like any other, and the
 * old machine works until it is accepted. Where every registration of the external ID was rejected, the newest one
 * waits again, and its edge goes on by itself.
 */
export async function reopenNode(
  nodeName: string,
  operator: string,
  stores: NodeStores,
): Promise<NodeDocument | RegistrationDocument> {
  const decision = { kind: 'node', action: 'reopen', node: nodeName, operator } as const
  const node = await readNode(stores.nodes, nodeName)
  const at = stores.now().toISOString()
  if (node) {
    const registration = await readRegistration(stores.nodes, node.registrationId)
    // Accepting is under way, or was cut off: there is nothing to reopen yet.
    if (registration?.status === 'pending') throw nodeUnknown()
    return decide(stores.audit, decision, () =>
      changeNode(stores.nodes, nodeName, (current) =>
        current.reopenedAt === undefined ? { ...current, reopenedAt: at } : current,
      ),
    )
  }
  const newest = (await listRegistrations(stores.nodes))
    .filter(({ status, externalId }) => status === 'rejected' && externalId === externalIdOf(nodeName))
    .sort((a, b) => a.requestedAt.localeCompare(b.requestedAt))
    .at(-1)
  if (!newest) throw nodeUnknown()
  return decide(stores.audit, decision, () =>
    changeDocument<RegistrationDocument, RegistrationDocument>(stores.nodes, newest._id, asRegistration, (current) => {
      if (current && current.status !== 'rejected') return current
      const { reason: _reason, decidedAt: _at, decidedBy: _by, ...rest } = current ?? newest
      // Counted anew, or it might have expired before anybody looks.
      return { ...rest, status: 'pending', requestedAt: at }
    }),
  )
}
