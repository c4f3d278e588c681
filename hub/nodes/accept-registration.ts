import { CodedError } from '../../protocol/error-codes'
import { nodeNameOf } from '../../protocol/node-name'
import type { NodeDocument, RegistrationDocument } from '../../schemas/generated/types'
import { decide } from '../audit/decide'
import { changeDocument } from './database'
import { asNode, asRegistration, changeNode, nextVersion, readNode, readRegistration } from './node-documents'
import type { NodeStores } from './node-stores'
import { externalIdTaken, refuseClash } from './refuse-clash'
import { isExpired } from './waiting'

/**
 * Accepts a registration: afterwards its edge gets a configuration and credentials for its claim.
 *
 * Each step may be the last before a crash, and accepting again finishes it: the node, its secrets, its CouchDB user,
 * and at last the registration, which is what the edge sees. Two operators may accept `10` and `101` at two gateways at
 * the same moment: each writes its node first and looks for the other after, so at least one of them sees it, and
 * withdraws (both may; then it is for one of them to accept again).
 */
export async function acceptRegistration(
  id: string,
  operator: string,
  stores: NodeStores,
): Promise<RegistrationDocument> {
  const registration = await known(id, stores)
  const { externalId } = registration
  const nodeName = nodeNameOf(externalId)
  const node = await readNode(stores.nodes, nodeName)
  if (registration.status === 'accepted' && node?.registrationId === id && !isLeftOpen(node)) return registration
  if (registration.status === 'rejected') throw decided('rejected')
  if (node && !mayTake(node, id)) throw externalIdTaken()
  if (!node) await refuseClash(stores.nodes, externalId)
  const decision = { kind: 'registration', action: 'accept', node: nodeName, operator } as const
  return decide(stores.audit, decision, async () => {
    const placed = await placeNode(registration, stores)
    await withdrawOnClash(placed, stores)
    await stores.secrets.issueFor(nodeName, id)
    await stores.settle(nodeName)
    const accepted = await writeAccepted(placed, operator, stores)
    if (placed.reopenedAt !== undefined) await closeAgain(placed, stores)
    return accepted
  })
}

async function placeNode(registration: RegistrationDocument, { nodes, now }: NodeStores): Promise<NodeDocument> {
  const { id, externalId, name, group } = registration
  const nodeName = nodeNameOf(externalId)
  const facility = { name, registrationId: id, acceptedAt: now().toISOString() }
  return changeDocument<NodeDocument, NodeDocument>(nodes, nodeName, asNode, (node) => {
    if (node === undefined) {
      return {
        _id: nodeName,
        kind: 'node',
        nodeName,
        externalId,
        ...facility,
        ...(group !== undefined && { group }),
        state: 'active',
        configurationVersion: 1,
        dataAccess: { status: 'none' },
      }
    }
    if (!mayTake(node, id)) throw externalIdTaken()
    if (node.registrationId === id) return node
    // `reopenedAt` stays until the end: it tells this node, which had a machine before, from one just created.
    const { group: _old, ...rest } = node
    return { ...rest, ...facility, ...(group !== undefined && { group }), ...nextVersion(node) }
  })
}

/** Reopened before its machine was accepted, and not closed again since: a crash cut the acceptance off at its last step. */
function isLeftOpen({ reopenedAt, acceptedAt }: NodeDocument): boolean {
  return reopenedAt !== undefined && reopenedAt <= acceptedAt
}

/** An accepted node is not given away, unless the operator has reopened it. */
function mayTake(node: NodeDocument, registrationId: string): boolean {
  return node.registrationId === registrationId || node.reopenedAt !== undefined
}

async function withdrawOnClash(node: NodeDocument, stores: NodeStores): Promise<void> {
  if (node.reopenedAt !== undefined) return
  try {
    await refuseClash(stores.nodes, node.externalId)
  } catch (error) {
    if (error instanceof CodedError) await withdraw(node, stores)
    throw error
  }
}

async function withdraw({ nodeName, registrationId }: NodeDocument, stores: NodeStores): Promise<void> {
  const node = await readNode(stores.nodes, nodeName)
  if (!node?._rev || node.registrationId !== registrationId || node.reopenedAt !== undefined) return
  if ((await stores.nodes.remove(nodeName, node._rev)) === 'conflict') return
  await stores.secrets.withdraw(nodeName, registrationId)
  await stores.settle(nodeName)
}

async function writeAccepted(node: NodeDocument, operator: string, stores: NodeStores): Promise<RegistrationDocument> {
  const key = `registration:${node.registrationId}`
  const at = stores.now().toISOString()
  const written = await changeDocument<RegistrationDocument, RegistrationDocument | undefined>(
    stores.nodes,
    key,
    asRegistration,
    (current) => {
      if (current?.status !== 'pending') return current
      const { reason: _old, ...rest } = current
      return { ...rest, status: 'accepted', decidedAt: at, decidedBy: operator }
    },
  )
  if (written?.status === 'accepted') return written
  // Somebody rejected it at the same moment, and was first.
  await withdraw(node, stores)
  throw written ? decided('rejected') : registrationUnknown()
}

async function closeAgain({ nodeName, registrationId }: NodeDocument, { nodes }: NodeStores): Promise<void> {
  await changeNode(nodes, nodeName, (node) => {
    if (node.registrationId !== registrationId) return node
    const { reopenedAt: _closed, ...rest } = node
    return rest
  })
}

/** The registration with this id, or REGISTRATION_UNKNOWN. */
export async function known(id: string, { nodes, now }: NodeStores): Promise<RegistrationDocument> {
  const registration = await readRegistration(nodes, id)
  if (registration === undefined || isExpired(registration, now())) throw registrationUnknown()
  return registration
}

export function decided(how: 'accepted' | 'rejected'): CodedError {
  return new CodedError('REGISTRATION_DECIDED', `This registration was ${how} before.`)
}

function registrationUnknown(): CodedError {
  return new CodedError('REGISTRATION_UNKNOWN', 'No registration has this id; it may have expired.')
}
