import { leadsTo } from '../../protocol/receipt-key'
import { backOffMs, pause } from '../../runtime/back-off'
import type { Log } from '../../runtime/log'
import type { Stoppable } from '../../runtime/service'
import type { VerifyStatus } from '../../schemas/generated/types'
import { HubUnavailable, type VerifyHub } from './ask-hub'
import type { VerificationMemory } from './kept-verification'
import { OnlyAtHub } from './only-at-hub'
import { VERIFY_PACE, type VerifyPace } from './pace'
import { type RunParts, runVerification, type TrustedKey } from './run'

export interface VerifyAgentOptions extends Pick<RunParts, 'database' | 'externalId' | 'refusedIds' | 'sendAgain'> {
  hub: VerifyHub & Stoppable
  memory: VerificationMemory
  /** Undefined where the hub has acknowledged all there is, else why it has not, for a person. */
  unacknowledged: () => Promise<string | undefined>
  /** The hub did not take the credentials. */
  onAccessRefused: () => void
  /** Told of each fault of this edge: its disk may be full. */
  onFault: (error: unknown) => void
  log: Log
  pace?: Partial<VerifyPace>
  now?: () => Date
  /** Uniform in [0, 1). */
  random?: () => number
}

type Progress = Pick<VerifyStatus, 'state' | 'reason' | 'documents' | 'compared'>

/** A wait is looked at again after this: the computer may have slept, or its clock been set. */
const LONG_MS = 60_000

/** Verifies once a week by itself, and when it is asked to. No failure ends it. */
export class VerifyAgent implements Stoppable {
  readonly #options: VerifyAgentOptions
  readonly #pace: VerifyPace
  readonly #now: () => Date
  readonly #random: () => number
  readonly #stopper = new AbortController()
  readonly #loop: Promise<void>
  #progress: Progress = { state: 'resting' }
  #wake = new AbortController()
  #failures = 0

  constructor(options: VerifyAgentOptions) {
    this.#options = options
    this.#pace = { ...VERIFY_PACE, ...options.pace }
    this.#now = options.now ?? (() => new Date())
    this.#random = options.random ?? Math.random
    this.#loop = this.#run()
  }

  /** As soon as all is acknowledged; also after a restart. @param newKey  to trust the key that the hub has now */
  async request({ newKey = false }: { newKey?: boolean } = {}): Promise<VerifyStatus> {
    const { memory } = this.#options
    if (newKey) await memory.forgetKey()
    if (this.#progress.state === 'resting') {
      await memory.keep({ nextRunAt: this.#now().toISOString() })
      this.#progress = { state: 'waiting' }
    }
    this.#wake.abort()
    return this.status()
  }

  /** The link is back. */
  retryNow(): void {
    this.#wake.abort()
  }

  status(): VerifyStatus {
    const { nextRunAt = null, last, receipt } = this.#options.memory.kept
    return { ...this.#progress, nextRunAt, ...(last && { last }), ...(receipt && { receipt }) }
  }

  async stop(): Promise<void> {
    this.#stopper.abort()
    await this.#loop
    await this.#options.hub.stop()
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopper
    while (!signal.aborted) {
      this.#wake = new AbortController()
      try {
        await this.#step()
      } catch (error) {
        if (signal.aborted) return
        await this.#failed(error)
      }
    }
  }

  async #step(): Promise<void> {
    const { memory } = this.#options
    const { nextRunAt } = memory.kept
    if (nextRunAt === undefined) return memory.keep({ nextRunAt: this.#after(this.#random() * this.#pace.firstMs) })
    const waitMs = Date.parse(nextRunAt) - this.#now().getTime()
    if (waitMs > 0) return this.#pauseUntilWoken(Math.min(waitMs, LONG_MS))
    await this.#verify()
  }

  async #verify(): Promise<void> {
    const { memory, log, database, externalId, hub, refusedIds, sendAgain } = this.#options
    const onlyAtHub = new OnlyAtHub(memory.kept.onlyAtHub)
    const { result, receipt, deletions } = await runVerification({
      database,
      externalId,
      hub,
      refusedIds,
      sendAgain,
      onlyAtHub,
      deletions: memory.kept.deletions,
      whenAcknowledged: (signal) => this.#whenAcknowledged(signal),
      keyOf: (signal) => this.#keyOf(signal),
      followKey: (signal) => this.#followKey(signal),
      now: this.#now,
      signal: this.#stopper.signal,
      progress: (progress) => {
        this.#progress = progress
      },
    })
    const spread = 1 + this.#pace.jitter * (2 * this.#random() - 1)
    const nextMs = result.outcome === 'agrees' ? this.#pace.everyMs : this.#pace.soonerMs
    await memory.keep({
      last: result,
      nextRunAt: this.#after(nextMs * spread),
      onlyAtHub: onlyAtHub.toJSON(),
      ...(receipt && { receipt, deletions }),
    })
    this.#failures = 0
    this.#progress = { state: 'resting' }
    const { outcome, documents, missing, changed, sentAgain, rounds } = result
    const found = {
      outcome,
      documents,
      rounds,
      missing: missing.count,
      changed: changed.count,
      sentAgain: sentAgain.count,
    }
    if (outcome === 'agrees') log.info(found, 'the hub has every acknowledged document')
    else log.error(found, 'the hub does not have what it acknowledged')
  }

  /** R8 of the replicator's SPEC.md: what was written before the answer "nothing is left" is acknowledged. */
  async #whenAcknowledged(signal: AbortSignal): Promise<number> {
    const { database, unacknowledged } = this.#options
    for (;;) {
      signal.throwIfAborted()
      const { update_seq } = await database.info()
      const reason = await unacknowledged()
      if (reason === undefined) return Number(update_seq)
      if (this.#progress.state !== 'sending-again') this.#progress = { state: 'waiting', reason }
      await pause(this.#pace.lookMs, signal)
    }
  }

  async #keyOf(signal: AbortSignal): Promise<TrustedKey> {
    const { memory, hub } = this.#options
    if (memory.kept.key) return memory.kept.key
    const { hubId, publicKey } = await hub.receiptKey(signal)
    const key = { hubId, publicKey }
    await memory.keep({ key })
    return key
  }

  /** From the key that is trusted to the one that the hub has now, where each has signed for the next. Nobody has to come by. */
  async #followKey(signal: AbortSignal): Promise<TrustedKey | undefined> {
    const { memory, hub, log } = this.#options
    const published = await hub.receiptKey(signal)
    if (!memory.kept.key || !leadsTo(memory.kept.key, published)) return undefined
    const key = { hubId: published.hubId, publicKey: published.publicKey }
    await memory.keep({ key })
    log.info('the hub signs receipts with a new key, for which the one before has signed')
    return key
  }

  async #failed(error: unknown): Promise<void> {
    const { log, onAccessRefused, onFault } = this.#options
    this.#failures++
    const isHub = error instanceof HubUnavailable
    const reason = isHub ? error.message : 'This edge could not do it; its log says why.'
    if (isHub)
      log.warn({ because: error.because, err: error.cause, failures: this.#failures }, 'verifying is tried again')
    else {
      log.error({ err: error, failures: this.#failures }, 'verifying failed by a fault of the edge')
      onFault(error)
    }
    if (isHub && error.because === 'access') onAccessRefused()
    this.#progress = { state: 'waiting', reason }
    await this.#pauseUntilWoken(
      this.#pace.backOff.firstMs / 10 + backOffMs(this.#failures, this.#pace.backOff, this.#random),
    )
  }

  #after(ms: number): string {
    return new Date(this.#now().getTime() + ms).toISOString()
  }

  #pauseUntilWoken(ms: number): Promise<void> {
    return pause(ms, AbortSignal.any([this.#stopper.signal, this.#wake.signal]))
  }
}
