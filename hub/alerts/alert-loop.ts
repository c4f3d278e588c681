import { randomBytes } from 'node:crypto'
import { pause } from '../../runtime/back-off'
import type { Log } from '../../runtime/log'
import type { Stoppable } from '../../runtime/service'
import type { AuditSource } from '../audit/verify/verify-audit'
import type { Database } from '../nodes/database'
import { readSettings } from './alert-settings'
import { checkAudit } from './audit-check'
import type { Certificates } from './certificates'
import { type ChannelParts, channelsOf } from './channels'
import { type EvaluateParts, evaluate } from './evaluate'
import { Lease, LeaseLost } from './lease'

export const EVALUATION = 'alerts'

/** Longer than one try at a channel takes, for the lease is renewed before each. */
const LEASE_MS = 30_000

export interface AlertLoopParts extends Pick<EvaluateParts, 'nodes' | 'facts' | 'hubId' | 'now' | 'tried'> {
  readonly nodes: Database
  readonly certificates: Certificates
  readonly auditSource: AuditSource
  readonly channels: ChannelParts
  readonly everyMs: number
  readonly log: Pick<Log, 'warn'>
  readonly random?: () => number
}

/** Evaluates again and again; of several gateways one at a time. Nothing is remembered from one time to the next (law 9). */
export class AlertLoop implements Stoppable {
  readonly #stopper = new AbortController()
  readonly #holder = randomBytes(12).toString('hex')
  readonly #loops: Promise<unknown>

  constructor(private readonly parts: AlertLoopParts) {
    this.#loops = Promise.all([
      this.#repeat(() => this.#evaluate(), 'alerts could not be evaluated; it is tried again'),
      this.#repeat(() => this.#check(), 'the chains of the audit could not be looked at; it is tried again'),
    ])
  }

  async stop(): Promise<void> {
    this.#stopper.abort()
    // The audit may take minutes, and the lease ends by itself.
    await Promise.race([this.#loops, pause(1_000, AbortSignal.timeout(1_000))])
  }

  async #evaluate(): Promise<void> {
    const { nodes, certificates, everyMs, now, channels } = this.parts
    await certificates.note()
    // The half: this loop and those of others come at odd times, and about once in `everyMs` is meant.
    const times = { everyMs: everyMs / 2, leaseMs: LEASE_MS }
    const lease = await Lease.claim(nodes, EVALUATION, this.#holder, { times, now })
    if (!lease) return
    try {
      const settings = await readSettings(nodes)
      await evaluate({ ...this.parts, settings, channels: channelsOf(settings, channels), lease })
      await lease.done()
    } catch (error) {
      if (!(error instanceof LeaseLost)) throw error
    }
  }

  async #check(): Promise<void> {
    const { nodes, auditSource: source, now } = this.parts
    const { rules, auditCheckHours: everyHours } = await readSettings(nodes)
    if (rules['audit-broken'] === null) return
    await checkAudit(nodes, { everyHours, holder: this.#holder, source, now })
  }

  async #repeat(work: () => Promise<void>, problem: string): Promise<void> {
    const { everyMs, log, random = Math.random } = this.parts
    const { signal } = this.#stopper
    while (!signal.aborted) {
      // Gateways that were started together shall not ask together for ever.
      await pause(everyMs * (0.5 + random()), signal)
      if (signal.aborted) return
      await work().catch((error: unknown) => {
        if (!signal.aborted) log.warn({ err: error }, problem)
      })
    }
  }
}
