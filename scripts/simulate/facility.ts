import { randomBytes } from 'node:crypto'
import { type Checkpoint, checkpointOf, movedTo } from '../../edge/replicator/checkpoint'
import { hashOfClaim } from '../../protocol/claim'
import { SESSION } from '../../protocol/headers'
import { PUSH_CHECKPOINT } from '../../protocol/push-checkpoint'
import type {
  NodeConfiguration,
  NodeCredentials,
  RegistrationAnswer,
  RegistrationReceipt,
} from '../../schemas/generated/types'
import { type PushedDocument, patientDocuments } from './documents'
import { type Answered, basic, HubLine } from './line'
import type { PlannedFacility } from './plan'

/** What a facility has to know again when the simulation is started a second time. */
export interface KeptFacility {
  claim: string
  registrationId?: string
  credentials?: NodeCredentials
  /** Patients whose documents were all taken. */
  patients: number
}

/**
 * One facility, as the contract has it on the wire: it registers, claims its checkpoint, compares, pushes and asks for its
 * configuration, over one kept connection and with the compression of an edge. It is no edge: four hundred of those would be as
 * many LevelDB stores, and measure them and not the hub.
 */
export class SimulatedFacility {
  readonly line: HubLine
  readonly #session = randomBytes(8).toString('hex')
  readonly startedAt = Date.now()
  #checkpoint: Checkpoint | undefined
  #sequence = 0
  #waiting: PushedDocument[] = []
  #oldestWaitingAt: number | undefined
  #configurationTag: string | undefined
  configuration: NodeConfiguration | undefined
  lastAcknowledgedAt: number | undefined
  accepted = 0
  refused = 0

  constructor(
    readonly plan: PlannedFacility,
    readonly kept: KeptFacility,
    private readonly at: { hubUrl: string; seed: number; today: Date; signal: AbortSignal },
  ) {
    this.line = new HubLine(at.hubUrl, at.signal)
  }

  /** Asks to take part; the same again is the same registration. */
  async register(): Promise<RegistrationReceipt> {
    const { externalId, name, group } = this.plan
    const body = { externalId, name, group, claimHash: hashOfClaim(this.kept.claim) }
    const receipt = expected(
      [200, 201],
      await this.line.ask('/registrations', { method: 'POST', body }),
      'registration',
    )
    this.kept.registrationId = (receipt as RegistrationReceipt).id
    return receipt as RegistrationReceipt
  }

  /** Fetches the credentials that an acceptance has made. False where nobody has decided yet. */
  async fetchCredentials(): Promise<boolean> {
    const authorization = `Bearer ${this.kept.claim}`
    const answer = await this.line.ask(`/registrations/${this.kept.registrationId}`, { authorization })
    const { credentials } = expected([200], answer, 'registration') as RegistrationAnswer
    if (credentials) this.kept.credentials = credentials
    return credentials !== undefined
  }

  async askDataAccess(): Promise<void> {
    expected([202], await this.#ask('/node/data-access', { method: 'POST', body: {} }), 'data access')
  }

  /** Asks for the configuration as every few minutes an edge does, `headers` being its report. */
  async configure(headers: Readonly<Record<string, string>>): Promise<void> {
    const condition = this.#configurationTag === undefined ? {} : { 'if-none-match': this.#configurationTag }
    const path = `/node/configuration?mrnCounter=${this.kept.patients}`
    const answer = await this.#ask(path, { headers: { ...headers, ...condition } })
    if (answer.status === 304) return
    this.configuration = expected([200], answer, 'configuration') as NodeConfiguration
    this.#configurationTag = answer.headers['etag']
  }

  /** The next patient is registered and seen; nothing is sent yet. */
  write(): void {
    this.kept.patients++
    this.queue(patientDocuments(this.plan.externalId, this.kept.patients, this.at.seed, this.at.today))
  }

  queue(documents: readonly PushedDocument[]): void {
    if (documents.length > 0) this.#oldestWaitingAt ??= Date.now()
    this.#waiting.push(...documents)
  }

  get backlog(): { documents: number; bytes: number; oldestAt: number | undefined } {
    const bytes = this.#waiting.reduce((sum, document) => sum + JSON.stringify(document).length, 0)
    return { documents: this.#waiting.length, bytes, oldestAt: this.#oldestWaitingAt }
  }

  /** Sends at most `most` of what waits, as one batch; answers how long the push itself took. */
  async push(most: number): Promise<{ documents: number; milliseconds: number } | undefined> {
    const docs = this.#waiting.slice(0, most)
    if (docs.length === 0) return undefined
    if (this.#sequence === 0) await this.#claimCheckpoint()
    const headers = { [SESSION]: this.#session }
    const answer = await this.#ask('/sync/ehr/_bulk_docs', {
      method: 'POST',
      body: { new_edits: false, docs },
      headers,
    })
    const rows = expected([201], answer, 'push') as { error?: string }[]
    const refused = rows.filter(({ error }) => error !== undefined).length
    this.refused += refused
    this.accepted += docs.length - refused
    this.#waiting = this.#waiting.slice(docs.length)
    this.#oldestWaitingAt = this.#waiting.length === 0 ? undefined : this.#oldestWaitingAt
    this.lastAcknowledgedAt = Date.now()
    this.#sequence += docs.length
    return { documents: docs.length, milliseconds: answer.milliseconds }
  }

  /** Puts down how far the hub has everything, as an edge does once nothing waits. */
  async moveCheckpoint(): Promise<void> {
    const next = movedTo(this.#checkpoint, this.#session, this.#sequence)
    const rev = (this.#checkpoint as { _rev?: string } | undefined)?._rev
    const body = { ...next, ...(rev !== undefined && { _rev: rev }) }
    const answer = await this.#ask(`/sync/ehr/_local/${PUSH_CHECKPOINT}`, { method: 'PUT', body })
    const written = expected([201], answer, 'checkpoint') as { rev: string }
    this.#checkpoint = Object.assign(next, { _rev: written.rev })
  }

  /** R29 of an edge: its session stands first at the hub before its first batch goes. */
  async #claimCheckpoint(): Promise<void> {
    const answer = await this.#ask(`/sync/ehr/_local/${PUSH_CHECKPOINT}`)
    const found = answer.status === 404 ? undefined : expected([200], answer, 'checkpoint')
    const known = checkpointOf(found)
    this.#checkpoint = known && Object.assign(known, { _rev: (found as { _rev?: string })._rev })
    this.#sequence = known?.source_last_seq ?? 0
    await this.moveCheckpoint()
  }

  #ask(path: string, options: Parameters<HubLine['ask']>[1] = {}): Promise<Answered> {
    const { nodeName = '', syncPassword = '' } = this.kept.credentials ?? {}
    return this.line.ask(path, { ...options, authorization: basic(nodeName, syncPassword) })
  }
}

export class UnexpectedAnswer extends Error {
  constructor(
    what: string,
    readonly status: number,
    body: unknown,
  ) {
    super(`${what}: ${status} ${JSON.stringify(body)?.slice(0, 300)}`)
  }
}

function expected(statuses: readonly number[], { status, body }: Answered, what: string): unknown {
  if (!statuses.includes(status)) throw new UnexpectedAnswer(what, status, body)
  return body
}
