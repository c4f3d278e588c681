import { Agent, buildConnector, type Dispatcher } from 'undici'
import { CodedError, type ErrorBody } from '../../protocol/error-codes'
import { backOffMs, pause } from '../../runtime/back-off'
import type { Log } from '../../runtime/log'
import type { Stoppable } from '../../runtime/service'
import type { ImportTicket, RecordDocument } from '../../schemas/generated/types'
import { documentsOf, UnusableAnswer } from './documents-of'
import { type FetchOutcome, fetchRecord, type ImportSigner } from './fetch-record'
import { HubClock } from './hub-clock'
import { IMPORT_PACE, type ImportPace } from './import-pace'
import type { ImportTickets } from './import-tickets'
import { type Verdict, verdictOn } from './verdict'

export interface ImportWorkerOptions {
  externalId: string
  tickets: ImportTickets
  /** Undefined while the facility has no data access; `wake` says that it may have changed. */
  signer(): ImportSigner | undefined
  /** Keeps read-only copies, on the disk when it is answered. */
  writeCopies(documents: RecordDocument[]): Promise<unknown>
  /** The hub does not take our key, or not now: a newer configuration may know more. */
  onAccessRefused(): void
  /** Told of each fault of this edge: its disk may be full. */
  onFault(error: unknown): void
  /** Makes the connections to the hub, and may count them. */
  connector?: typeof buildConnector
  log: Log
  pace?: Partial<ImportPace>
  now?: () => Date
  /** Uniform in [0, 1). */
  random?: () => number
}

/** Imports one after the other, whenever that is possible: on a thin link two would only make both late. */
export class ImportWorker implements Stoppable {
  readonly #options: ImportWorkerOptions
  readonly #pace: ImportPace
  readonly #now: () => Date
  readonly #random: () => number
  readonly #stopper = new AbortController()
  readonly #dispatcher: Dispatcher
  readonly #clock: HubClock
  readonly #loop: Promise<void>
  #wake = new AbortController()
  #failures = 0
  /** What is asked just now; ended when nobody wants it any more. */
  #asking: { readonly id: string; readonly stopper: AbortController } | undefined
  #refusedKey = { key: '', times: 0 }
  /** Nothing is tried before. The hub may have said when: then nothing cuts it short. */
  #rest = { until: Number.NEGATIVE_INFINITY, fixed: false }

  constructor(options: ImportWorkerOptions) {
    this.#options = options
    this.#pace = { ...IMPORT_PACE, ...options.pace }
    this.#now = options.now ?? (() => new Date())
    this.#random = options.random ?? Math.random
    this.#clock = new HubClock(this.#now, (offsetMs) =>
      options.log.warn({ offsetMs }, "this computer's clock is wrong; imports are signed by the hub's"),
    )
    const { connector = buildConnector } = options
    this.#dispatcher = new Agent({
      connections: 1,
      connect: connector({ timeout: this.#pace.connectMs }),
      headersTimeout: this.#pace.stalledMs,
      bodyTimeout: this.#pace.stalledMs,
    })
    this.#loop = this.#run()
  }

  /** Something was asked: it is done as soon as anything is. */
  wake(): void {
    this.#wake.abort()
  }

  /** Its ticket was cancelled: what comes of it is not kept, and holds up nobody. */
  drop(id: string): void {
    if (this.#asking?.id === id) this.#asking.stopper.abort()
  }

  /** The link is back, or data access changed: what all waited for may be over. */
  retryNow(): void {
    if (!this.#rest.fixed) this.#rest = { until: Number.NEGATIVE_INFINITY, fixed: false }
    this.#wake.abort()
  }

  /** What runs is broken off, and done anew after the next start. May be called twice. */
  async stop(): Promise<void> {
    this.#stopper.abort()
    await this.#loop
    await this.#dispatcher.destroy()
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopper
    while (!signal.aborted) {
      // Before looking, so that a call in between is not lost.
      this.#wake = new AbortController()
      try {
        await this.#step()
      } catch (error) {
        if (signal.aborted) return
        this.#options.log.error({ err: error }, 'an import could not be done; trying again')
        this.#options.onFault(error)
        await pause(this.#pace.link.mostMs, signal)
      }
    }
  }

  async #step(): Promise<void> {
    const restMs = this.#rest.until - performance.now()
    if (restMs > 0) return this.#pauseUntilWoken(restMs)
    const signer = this.#options.signer()
    const next = this.#options.tickets.next()
    if (!signer || !next) return this.#pauseUntilWoken(LONG_MS)
    if (next.kind === 'wait') return this.#pauseUntilWoken(next.ms)
    const ticket = await this.#options.tickets.start(next.ticket)
    const outcome = await this.#fetch(ticket, signer)
    if (!outcome || !this.#options.tickets.isOpen(ticket.id)) return
    if (outcome.kind === 'answer') return this.#keep(ticket, outcome.body, signer)
    const waitedMs = this.#now().getTime() - Date.parse(ticket.requestedAt)
    await this.#obey(verdictOn(outcome, waitedMs, this.#signatureRefusals(signer, outcome)), ticket)
  }

  /** Undefined where it was dropped meanwhile. */
  async #fetch(ticket: ImportTicket, signer: ImportSigner): Promise<FetchOutcome | undefined> {
    const stopper = new AbortController()
    this.#asking = { id: ticket.id, stopper }
    const signal = AbortSignal.any([this.#stopper.signal, stopper.signal])
    try {
      return await this.#clock.corrected((now) =>
        fetchRecord(ticket, signer, { dispatcher: this.#dispatcher, signal, now }),
      )
    } catch (error) {
      if (stopper.signal.aborted) return undefined
      throw error
    } finally {
      this.#asking = undefined
    }
  }

  async #keep(ticket: ImportTicket, body: unknown, signer: ImportSigner): Promise<void> {
    const { tickets, externalId, writeCopies, log, onFault } = this.#options
    this.#failures = 0
    this.#refusedKey = { key: '', times: 0 }
    try {
      const imported = { hubId: signer.hubId, importedAt: this.#now().toISOString() }
      const { documents, own, unusable, withheld } = documentsOf(body, { mrn: ticket.mrn, externalId }, imported)
      await writeCopies(documents)
      await tickets.finish(ticket, { resources: documents.length, withheld })
      log.info({ resources: documents.length, own, unusable, withheld }, 'a record was imported')
    } catch (error) {
      log.warn({ err: error }, 'a record came and could not be kept; it is asked for again')
      if (!(error instanceof UnusableAnswer)) onFault(error)
      await this.#retryAlone(ticket, errorBodyOf(error))
    }
  }

  async #obey(verdict: Verdict, ticket: ImportTicket): Promise<void> {
    const { tickets, log, onAccessRefused } = this.#options
    const code = verdict.error.error
    switch (verdict.kind) {
      case 'failed':
        this.#failures = 0
        log.warn({ code }, 'an import was refused')
        return tickets.finish(ticket, { error: verdict.error })
      case 'ticket-waits':
        this.#failures = 0
        return this.#retryAlone(ticket, verdict.error, verdict.retryAfterMs)
      case 'all-wait': {
        this.#failures += 1
        const pace = verdict.because === 'link' ? this.#pace.link : this.#pace.patience
        const ms = this.#waitMs(pace, this.#failures, verdict.retryAfterMs)
        // All of this before the next await: whoever learns of the refusal may already call retryNow.
        this.#rest = { until: performance.now() + ms, fixed: verdict.retryAfterMs !== undefined }
        log.warn({ code, failures: this.#failures, ms }, 'imports wait')
        if (verdict.because === 'access') onAccessRefused()
        return tickets.retryLater(ticket, verdict.error, { ms, withAll: true })
      }
    }
  }

  #retryAlone(ticket: ImportTicket, error: ErrorBody, retryAfterMs?: number): Promise<void> {
    const ms = this.#waitMs(this.#pace.patience, ticket.attempts, retryAfterMs)
    return this.#options.tickets.retryLater(ticket, error, { ms, withAll: false })
  }

  #waitMs(pace: ImportPace['link'], failures: number, retryAfterMs = 0): number {
    return retryAfterMs + backOffMs(Math.max(failures, 1), pace, this.#random)
  }

  #signatureRefusals(signer: ImportSigner, outcome: FetchOutcome): number {
    const key = `${signer.nodeName}:${signer.nodePassword}`
    if (outcome.kind !== 'refused' || outcome.code !== 'SIGNATURE_INVALID') return 0
    this.#refusedKey = { key, times: this.#refusedKey.key === key ? this.#refusedKey.times + 1 : 1 }
    return this.#refusedKey.times
  }

  #pauseUntilWoken(ms: number): Promise<void> {
    return pause(Math.min(ms, LONG_MS), AbortSignal.any([this.#stopper.signal, this.#wake.signal]))
  }
}

/** A wait is looked at again after this: the computer may have slept, or its clock been set. */
const LONG_MS = 60_000

function errorBodyOf(error: unknown): { error: ErrorBody['error']; reason: string } {
  if (error instanceof UnusableAnswer) return { error: 'HUB_UNREACHABLE', reason: error.message }
  if (error instanceof CodedError) return error.body
  return { error: 'INTERNAL', reason: 'The record could not be kept here; the log of this edge says why.' }
}
