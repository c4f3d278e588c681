import { hashOfClaim, pairingCodeOf } from '../../protocol/claim'
import { CodedError } from '../../protocol/error-codes'
import { pause } from '../../runtime/back-off'
import type { Log } from '../../runtime/log'
import type { Stoppable } from '../../runtime/service'
import type { EdgeStatus, KeptRegistration, NodeConfiguration, NodeCredentials } from '../../schemas/generated/types'
import { doStep, type Facility, type Request } from './hub-requests'
import { keepRegistration, newRegistration, openKeptRegistration } from './kept-registration'
import {
  credentialsToTry,
  initialState,
  nextState,
  type RegistrationState,
  type StepEvent,
  stepOf,
  triesNext,
} from './registration-state'
import { PACE, type Pace, waitAfterMs } from './wait-after'

export interface RegistrationAgentOptions {
  /** Without a slash at its end. */
  hubUrl: string
  externalId: string
  facility: Facility
  /** `<EDGE_DATA>/credentials.json` */
  file: string
  request: Request
  /** Told to the hub whenever it is asked for the configuration. */
  mrnCounter: () => Promise<number>
  /** Told to the hub with it: how the edge fares (protocol/node-report.ts). */
  report?: () => Promise<string>
  /** Told of the Date of each configuration that comes, and when it was asked for and there, by this clock. */
  heardClock?: (date: string | null, askedMs: number, answeredMs: number) => void
  /** Given the hub's floor with each configuration that comes; 'tell' where the hub is to be told the counter again soon. */
  hearFloor: (mrnFloor: number) => Promise<'settled' | 'tell'>
  /** Told of each fault of this edge: its disk may be full. */
  onFault: (error: unknown) => void
  log: Log
  pace?: Partial<Pace>
  /** Uniform in [0, 1). */
  random?: () => number
}

/** However often others ask for it, the hub is not asked more often than this. */
const REFRESH_EVERY_MS = 2_000
/** Of the operator's words, beside ours; /status has all of them in `registration.reason`. */
const REASON_SHOWN = 250

/**
 * Keeps the facility registered: asks until it is accepted, then asks for its configuration every few minutes, and for
 * new credentials when the old ones stop. Whatever it hands out is on the disk before.
 */
export class RegistrationAgent implements Stoppable {
  readonly #options: RegistrationAgentOptions
  readonly #pace: Pace
  readonly #random: () => number
  readonly #stopper = new AbortController()
  readonly #listeners = new Set<() => void>()
  #state: RegistrationState | undefined
  #loop: Promise<void> | undefined
  #wake = new AbortController()
  #lastStepAt = Number.NEGATIVE_INFINITY
  #replacement: KeptRegistration | undefined
  /** Whoever waits until the replacement is on the disk. */
  readonly #askers: { resolve: () => void; reject: (error: unknown) => void }[] = []
  /** Somebody at the facility asks for data access once more, and why. */
  #wantsAccess: { reason?: string } | undefined
  /** Breaks off the step that is under way: its answer would be to a question that nobody asks any more. */
  #step = new AbortController()

  constructor(options: RegistrationAgentOptions) {
    this.#options = options
    this.#pace = { ...PACE, ...options.pace }
    this.#random = options.random ?? Math.random
  }

  /** Reads what is kept and goes on from there; does not wait for the hub. Throws KeptRegistrationError. */
  async start(): Promise<this> {
    this.#state = initialState(
      await openKeptRegistration(this.#options.file, this.#options.externalId, this.#options.log),
    )
    this.#loop = this.#run()
    return this
  }

  async stop(): Promise<void> {
    this.#stopper.abort()
    await this.#loop
  }

  /** For GET /status. The pairing code is computed here, so that nobody in between can show another. */
  status(): EdgeStatus['registration'] {
    const { status, reason, registrationId, claim } = this.#kept()
    return {
      status,
      ...(registrationId !== undefined && { id: registrationId }),
      pairingCode: pairingCodeOf(hashOfClaim(claim)),
      ...(reason !== undefined && { reason }),
    }
  }

  /** What people at the facility have to know, and do; for `attention` of GET /status. */
  attention(): string[] {
    const { status, reason } = this.#kept()
    if (status !== 'suspended') return []
    const why = reason === undefined ? '' : ` The reason given: ${reason.slice(0, REASON_SHOWN)}`
    return [
      `The ministry has suspended this facility.${why} Work can go on: records are kept here and go up once it is resumed, which is noticed within a minute. Imports wait. Call the ministry.`,
    ]
  }

  dataAccess(): EdgeStatus['dataAccess'] {
    const { status = 'none', reason } = this.#kept().configuration?.dataAccess ?? {}
    return { status, ...(reason !== undefined && { reason }) }
  }

  /** Undefined while the facility is not accepted, or is suspended. */
  credentials(): NodeCredentials | undefined {
    const { status, credentials } = this.#kept()
    return status === 'accepted' ? credentials : undefined
  }

  /** The key that imports are signed with; undefined without data access. */
  nodePassword(): string | undefined {
    return this.credentials() && this.dataAccess().status === 'accepted' ? this.#kept().nodePassword : undefined
  }

  /** The newest one that came, also from an earlier run; without the node password. */
  configuration(): NodeConfiguration | undefined {
    return this.#kept().configuration
  }

  /** Called after anything of the above changed. Returns what ends it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Asks the hub soon: for whoever meets a refusal that new credentials may cure. */
  refresh(): void {
    // While the hub fails, the back-off decides alone.
    if (this.#state?.failures === 0) this.#wake.abort()
  }

  /**
   * A new claim and a new registration, for a facility that was rejected or whose place another machine has taken.
   * False, and nothing happens, where the present one still works or is suspended. Otherwise `status` shows the new one,
   * with its pairing code, when this resolves.
   */
  async askAgain(): Promise<boolean> {
    const { status, credentials } = this.#kept()
    if ((status === 'accepted' && credentials !== undefined) || status === 'suspended') return false
    this.#replacement ??= newRegistration(this.#options.externalId)
    const replaced = new Promise<void>((resolve, reject) => this.#askers.push({ resolve, reject }))
    this.#wake.abort()
    this.#step.abort()
    await replaced
    return true
  }

  /**
   * Asks the operator once more for data access, where that was refused or taken away; by itself it is asked for only once.
   * Throws NOT_REGISTERED where the facility takes no part now.
   */
  askForDataAccess(reason?: string): EdgeStatus['dataAccess'] {
    if (!this.credentials())
      throw new CodedError('NOT_REGISTERED', 'This facility takes no part now; that comes first.')
    if (this.dataAccess().status === 'rejected') {
      this.#wantsAccess = reason === undefined ? {} : { reason }
      this.refresh()
    }
    return this.dataAccess()
  }

  #kept(): KeptRegistration {
    if (this.#state === undefined) throw new Error('the registration agent was not started')
    return this.#state.kept
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopper
    while (!signal.aborted) {
      const wait = await this.#stepOnce()
      if (wait > 0 && this.#replacement === undefined) await this.#pause(wait)
    }
  }

  /** One step and its result, kept on the disk before it is seen; returns how long to wait. */
  async #stepOnce(): Promise<number> {
    const { hubUrl, facility, request, mrnCounter, heardClock, log, onFault } = this.#options
    const { signal } = this.#stopper
    const before = this.#state ?? initialState(this.#kept())
    try {
      if (this.#replacement) {
        const replacement = this.#replacement
        await this.#become(initialState(replacement))
        this.#replacement = undefined
        for (const { resolve } of this.#askers.splice(0)) resolve()
        return 0
      }
      this.#lastStepAt = performance.now()
      this.#step = new AbortController()
      const either = AbortSignal.any([signal, this.#step.signal])
      const credentials = credentialsToTry(before)
      const at = {
        ...{ hubUrl, facility, request, mrnCounter, credentials, signal: either, known: before.known },
        ...(heardClock && { heardClock }),
        report: () => this.#reportOrNone(),
      }
      const wanted = this.#wantsAccess
      const step = wanted && mayAskForAccess(before) ? 'request-data-access' : stepOf(before)
      const event = await doStep(step, before.kept, { ...at, accessReason: wanted?.reason })
      const isAnswered = step === 'request-data-access' && event.kind !== 'failed'
      if (isAnswered && this.#wantsAccess === wanted) this.#wantsAccess = undefined
      if (signal.aborted || this.#replacement) return 0
      const after = nextState(before, event)
      await this.#become(after)
      this.#report(event, before, after)
      // Asked for while this step was under way.
      if (this.#wantsAccess !== wanted && this.#wantsAccess !== undefined) return 0
      const waitMs = waitAfterMs(event, after, this.#pace, this.#random)
      const heard = configurationIn(event)
      const next = heard && (await this.#options.hearFloor(heard.sync.mrnFloor))
      return next === 'tell' ? Math.min(waitMs, this.#pace.firstPollMs) : waitMs
    } catch (error) {
      log.error({ err: error }, 'the registration could not be kept on the disk; trying again')
      onFault(error)
      // Whoever asked hears of it and can ask again; otherwise it would be tried without a pause.
      this.#replacement = undefined
      for (const { reject } of this.#askers.splice(0)) reject(error)
      return this.#pace.slowMs
    }
  }

  /** What can't be told must not keep the question from being asked. */
  async #reportOrNone(): Promise<string | undefined> {
    try {
      return await this.#options.report?.()
    } catch (error) {
      this.#options.log.warn({ err: error }, 'the hub is asked without a report of how the edge fares')
      return undefined
    }
  }

  async #become(next: RegistrationState): Promise<void> {
    const changed = next.kept !== this.#state?.kept
    if (changed) await keepRegistration(this.#options.file, next.kept)
    this.#state = next
    if (!changed) return
    for (const listener of this.#listeners) {
      try {
        listener()
      } catch (error) {
        this.#options.log.error({ err: error }, 'a listener for the registration failed')
      }
    }
  }

  async #pause(ms: number): Promise<void> {
    const { signal } = this.#stopper
    this.#wake = new AbortController()
    await pause(ms, AbortSignal.any([signal, this.#wake.signal]))
    if (!this.#wake.signal.aborted || this.#replacement) return
    await pause(this.#lastStepAt + REFRESH_EVERY_MS - performance.now(), signal)
  }

  #report(event: StepEvent, before: RegistrationState, after: RegistrationState): void {
    const { log } = this.#options
    if (event.kind === 'failed') log.warn({ failures: after.failures, reason: event.reason }, 'the hub is asked again')
    if (before.kept.status !== after.kept.status) {
      log.info({ registration: after.kept.status, reason: after.kept.reason }, 'the registration changed')
    }
  }
}

/** After a refusal, and only where nothing else comes first. */
function mayAskForAccess(state: RegistrationState): boolean {
  const isRefused = state.kept.configuration?.dataAccess.status === 'rejected'
  return isRefused && stepOf(state) === 'configure' && !triesNext(state)
}

function configurationIn(event: StepEvent): NodeConfiguration | undefined {
  if (event.kind === 'configuration') return event.configuration
  return event.kind === 'answer' ? event.answer.configuration : undefined
}
