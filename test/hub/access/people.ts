import { randomBytes } from 'node:crypto'
import type { Role } from '../../../hub/access/caller'
import { hashOfClaim } from '../../../protocol/claim'
import { newNonce, signImport } from '../../../protocol/import-signature'
import type { NodeConfiguration, RegistrationReceipt } from '../../../schemas/generated/types'
import { askJson, basic } from '../../support/ask'
import type { RunningHub } from '../../support/hub'
import { type NodeAccount, registerNode } from '../../support/node'
import { until } from '../../support/processes'

export const METRICS_TOKEN = 'token-of-the-metrics'

/** The headers by which somebody shows who he is, at any address. */
export type Showing = (method: string, target: string) => Promise<Record<string, string>>

export interface People {
  readonly showing: Readonly<Record<Role, Showing>>
  /** The registration whose claim the pending facility has. */
  readonly registrationId: string
}

/** One of each role, at a real hub. */
export async function peopleOf(hub: RunningHub): Promise<People> {
  const pending = await waitingFacility(hub)
  const [node, suspended, without] = [
    await registerNode(hub, '101'),
    await registerNode(hub, '102'),
    await registerNode(hub, '103'),
  ]
  const keys = [await dataAccess(hub, node), await dataAccess(hub, suspended)] as const
  await suspend(hub, suspended)
  return {
    registrationId: pending.id,
    showing: {
      nobody: async () => ({}),
      pending: async () => ({ authorization: `Bearer ${pending.claim}` }),
      node: asNode(hub, node, keys[0]),
      'suspended node': asNode(hub, suspended, keys[1]),
      // It never had a key, so that its signature is nobody's.
      'node without data access': asNode(hub, without, randomBytes(32).toString('base64url')),
      operator: async () => ({ authorization: basic('operator', hub.operatorPassword) }),
      viewer: await account(hub, 'viewer'),
      auditor: await account(hub, 'auditor'),
      'metrics reader': async () => ({ authorization: `Bearer ${METRICS_TOKEN}` }),
    },
  }
}

async function waitingFacility(hub: RunningHub): Promise<{ id: string; claim: string }> {
  const claim = randomBytes(32).toString('base64url')
  const body = { externalId: '301', name: 'Waits', claimHash: hashOfClaim(claim) }
  const asked = await askJson(`${hub.url}/registrations`, undefined, { method: 'POST', body })
  return { id: (asked.body as RegistrationReceipt).id, claim }
}

async function dataAccess(hub: RunningHub, { nodeName, syncPassword }: NodeAccount): Promise<string> {
  const asked = (path: string, options = {}) => askJson(`${hub.url}${path}`, basic(nodeName, syncPassword), options)
  await asked('/node/data-access', { method: 'POST', body: {} })
  await hub.operator(`/operator/nodes/${nodeName}/data-access/accept`, { method: 'POST', body: {} })
  const { body } = await asked('/node/configuration')
  return (body as NodeConfiguration).dataAccess.nodePassword ?? ''
}

/** A gateway may remember for some seconds what was. */
async function suspend(hub: RunningHub, { nodeName, syncPassword }: NodeAccount): Promise<void> {
  await hub.operator(`/operator/nodes/${nodeName}/suspend`, { method: 'POST', body: { reason: 'Stolen.' } })
  const isFelt = async () => {
    const { status } = await askJson(`${hub.url}/node/configuration`, basic(nodeName, syncPassword))
    return status === 403
  }
  await until('the suspension is felt', isFelt, 5_000)
}

/** Its sync password at every address; under /fhir a signature as well. */
function asNode(hub: RunningHub, { nodeName, syncPassword }: NodeAccount, nodePassword: string): Showing {
  const authorization = basic(nodeName, syncPassword)
  return async (method, target) => {
    if (!target.startsWith('/fhir/')) return { authorization }
    const signer = { nodeName, nodePassword }
    const at = { now: new Date(), nonce: newNonce() }
    return {
      authorization,
      ...(await signImport({ method, url: new URL(`${hub.url}${target}`), purpose: 'TREAT' }, signer, at)),
    }
  }
}

const PASSWORD = 'a long password for the tests'

async function account(hub: RunningHub, role: 'viewer' | 'auditor'): Promise<Showing> {
  const body = { name: role, role, password: PASSWORD }
  const { status } = await hub.operator('/operator/operators', { method: 'POST', body })
  if (status >= 300) throw new Error(`no account for a ${role}: ${status}`)
  return async () => ({ authorization: basic(role, PASSWORD) })
}
