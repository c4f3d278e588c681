import { randomBytes } from 'node:crypto'
import { hashOfClaim } from '../../protocol/claim'
import type { RegistrationAnswer, RegistrationReceipt } from '../../schemas/generated/types'
import { askJson } from './ask'
import type { RunningHub } from './hub'

export interface NodeAccount {
  externalId: string
  nodeName: string
  syncPassword: string
  claim: string
}

/** A facility that was accepted, without an edge: what another program does with curl. */
export async function registerNode(
  hub: Pick<RunningHub, 'url' | 'operator'>,
  externalId: string,
  name = `Facility ${externalId}`,
): Promise<NodeAccount> {
  const claim = randomBytes(32).toString('base64url')
  const asked = await askJson(`${hub.url}/registrations`, undefined, {
    method: 'POST',
    body: { externalId, name, claimHash: hashOfClaim(claim) },
  })
  if (asked.status !== 201) throw new Error(`not registered: ${asked.status} ${JSON.stringify(asked.body)}`)
  const { id } = asked.body as RegistrationReceipt
  const accepted = await hub.operator(`/operator/registrations/${id}/accept`, { method: 'POST', body: {} })
  if (accepted.status >= 300) throw new Error(`not accepted: ${accepted.status} ${JSON.stringify(accepted.body)}`)
  const answer = await askJson(`${hub.url}/registrations/${id}`, `Bearer ${claim}`)
  const { credentials } = answer.body as RegistrationAnswer
  if (!credentials) throw new Error(`no credentials: ${JSON.stringify(answer.body)}`)
  return { externalId, claim, nodeName: credentials.nodeName, syncPassword: credentials.syncPassword }
}
