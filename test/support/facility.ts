import { randomBytes } from 'node:crypto'
import { hashOfClaim } from '../../protocol/claim'
import type { RegistrationAnswer, RegistrationReceipt } from '../../schemas/generated/types'
import { type Answer, basic } from './ask'
import type { Gateway } from './gateway'

/** A facility that registers by hand, request by request. */
export class TestFacility {
  readonly claim = randomBytes(32).toString('base64url')
  id = ''

  constructor(readonly externalId: string) {}

  get nodeName(): string {
    return `node-${this.externalId}`
  }

  /** @param from  the address, as a proxy in front says it */
  async register(gateway: Gateway, from?: string): Promise<Answer> {
    const body = { externalId: this.externalId, name: 'Puskesmas', claimHash: hashOfClaim(this.claim) }
    const answer = await gateway.ask('/registrations', {
      method: 'POST',
      body,
      ...(from !== undefined && { headers: { 'x-forwarded-for': from } }),
    })
    if (answer.status < 300) this.id = (answer.body as RegistrationReceipt).id
    return answer
  }

  async look(gateway: Gateway): Promise<RegistrationAnswer> {
    const answer = await gateway.ask(`/registrations/${this.id}`, { authorization: `Bearer ${this.claim}` })
    if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body as RegistrationAnswer
  }

  /** Registers, is accepted, and gives its sync password. */
  async join(gateway: Gateway): Promise<string> {
    await this.register(gateway)
    const accepted = await gateway.operator(`/operator/registrations/${this.id}/accept`, {})
    if (accepted.status !== 200) throw new Error(`${accepted.status} ${JSON.stringify(accepted.body)}`)
    return this.syncPassword(gateway)
  }

  async syncPassword(gateway: Gateway): Promise<string> {
    const { credentials } = await this.look(gateway)
    if (!credentials) throw new Error('there are no credentials to hand over')
    return credentials.syncPassword
  }

  configuration(gateway: Gateway, syncPassword: string): Promise<Answer> {
    return gateway.ask('/node/configuration', { authorization: basic(this.nodeName, syncPassword) })
  }
}
