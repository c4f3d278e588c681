import { CodedError } from '../../protocol/error-codes'
import { isNodeName, nodeNameOf } from '../../protocol/node-name'
import type { NodeDocument, RegistrationDocument } from '../../schemas/generated/types'
import { isNodeDocument, isRegistrationDocument } from '../../schemas/generated/validators'
import { changeDocument, type Database, endOf, stored } from './database'

const REGISTRATION_ID = /^[A-Za-z0-9_-]{8,64}$/

export async function readNode(nodes: Database, nodeName: string): Promise<NodeDocument | undefined> {
  if (!isNodeName(nodeName)) return undefined
  const found = await nodes.get(nodeName)
  return found === undefined ? undefined : asNode(found)
}

/** As changeDocument, for a node that must be there: else NODE_UNKNOWN. */
export async function changeNode(
  nodes: Database,
  nodeName: string,
  change: (node: NodeDocument) => NodeDocument,
): Promise<NodeDocument> {
  if (!isNodeName(nodeName)) throw nodeUnknown()
  return changeDocument<NodeDocument, NodeDocument>(nodes, nodeName, asNode, (node) => {
    if (node === undefined) throw nodeUnknown()
    return change(node)
  })
}

export async function listNodes(nodes: Database): Promise<NodeDocument[]> {
  return (await nodes.range('node-', endOf('node-'))).map(asNode)
}

export async function readRegistration(nodes: Database, id: string): Promise<RegistrationDocument | undefined> {
  if (!REGISTRATION_ID.test(id)) return undefined
  const found = await nodes.get(registrationKey(id))
  return found === undefined ? undefined : asRegistration(found)
}

export async function listRegistrations(nodes: Database): Promise<RegistrationDocument[]> {
  return (await nodes.range('registration:', endOf('registration:'))).map(asRegistration)
}

export function registrationKey(id: string): string {
  return `registration:${id}`
}

export function asNode(document: unknown): NodeDocument {
  return stored(isNodeDocument, document, 'node')
}

export function asRegistration(document: unknown): RegistrationDocument {
  return stored(isRegistrationDocument, document, 'registration')
}

/** What a changed configuration is known by. */
export function nextVersion(node: NodeDocument): { configurationVersion: number } {
  return { configurationVersion: node.configurationVersion + 1 }
}

export function externalIdOf(nodeName: string): string {
  return nodeName.slice(nodeNameOf('').length)
}

export function nodeUnknown(): CodedError {
  return new CodedError('NODE_UNKNOWN', 'No facility of this name was accepted.')
}
