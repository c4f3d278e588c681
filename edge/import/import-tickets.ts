import { ulid } from 'ulid'
import { CodedError } from '../../protocol/error-codes'
import type { ErrorBody, ImportRequest, ImportTicket } from '../../schemas/generated/types'
import { ON_DISK, type StatePart } from '../store/state'

/** More than a facility asks for in weeks; whoever asks for more has a program that runs wild. */
export const MOST_OPEN_TICKETS = 1_000
/** Finished ones are a history for people, and forgotten from the old end. */
export const MOST_FINISHED_TICKETS = 1_000
/** A wait is never longer, so one that seems longer comes from a clock that was set back. */
const LONGEST_WAIT_MS = 6 * 60 * 60 * 1_000

/**
 * What the facility asked to import, in a LevelDB: an accepted request is on the disk and survives whatever happens to the process.
 * The open ones are in memory too. A ticket's id is a ULID, so keys are in the order in which they were asked.
 */
export class ImportTickets {
  readonly #open = new Map<string, ImportTicket>()
  /** Those that wait for what all wait for; when that ends is the worker's to say, and `retryAt` is only shown. */
  readonly #withAll = new Set<string>()
  #finished = 0

  private constructor(
    private readonly part: StatePart<ImportTicket>,
    private readonly now: () => Date,
  ) {}

  /** What was running when the process ended waits again; what waited for its time does not: much may have changed. */
  static async open(part: StatePart<ImportTicket>, now: () => Date = () => new Date()): Promise<ImportTickets> {
    const tickets = new ImportTickets(part, now)
    for await (const ticket of part.values()) {
      if (ticket.status === 'done' || ticket.status === 'failed') tickets.#finished += 1
      else tickets.#open.set(ticket.id, { ...withoutRetry(ticket), status: 'waiting' })
    }
    return tickets
  }

  /**
   * The ticket, on the disk. Asking the same again while it is open gives the same one, and it is tried without waiting
   * longer: somebody stands there. Another purpose or reason is another request, because both are audited.
   */
  async add({ mrn, purpose = 'TREAT', reason }: ImportRequest): Promise<ImportTicket> {
    for (const open of this.#open.values()) {
      if (open.mrn !== mrn || open.purpose !== purpose || open.reason !== reason) continue
      if (open.retryAt !== undefined) this.#open.set(open.id, withoutRetry(open))
      return this.#open.get(open.id) ?? open
    }
    if (this.#open.size >= MOST_OPEN_TICKETS) throw new CodedError('OVERLOADED', 'Too many imports wait already.')
    const at = this.now()
    const ticket: ImportTicket = {
      id: ulid(at.getTime()),
      mrn,
      purpose,
      ...(reason === undefined ? {} : { reason }),
      status: 'waiting',
      requestedAt: at.toISOString(),
      attempts: 0,
    }
    // In memory before it is on the disk: the same asked meanwhile must not become a second one.
    this.#open.set(ticket.id, ticket)
    try {
      await this.part.put(ticket.id, ticket, ON_DISK)
    } catch (error) {
      this.#open.delete(ticket.id)
      throw error
    }
    return ticket
  }

  async get(id: string): Promise<ImportTicket | undefined> {
    return this.#open.get(id) ?? (await this.part.get(id))
  }

  /** Newest first. */
  async list(limit: number): Promise<ImportTicket[]> {
    const tickets = await this.part.values({ reverse: true, limit }).all()
    return tickets.map((ticket) => this.#open.get(ticket.id) ?? ticket)
  }

  /**
   * The one that is to be tried now, or how long until there is one; undefined where none is open. Of several the one that
   * was tried least, so that one that always fails holds up nobody.
   */
  next(): { kind: 'due'; ticket: ImportTicket } | { kind: 'wait'; ms: number } | undefined {
    let due: ImportTicket | undefined
    let leastMs = Number.POSITIVE_INFINITY
    for (const ticket of this.#open.values()) {
      const isFree = ticket.retryAt === undefined || this.#withAll.has(ticket.id)
      const ms = isFree ? 0 : Date.parse(ticket.retryAt ?? '') - this.now().getTime()
      if (ms > 0 && ms <= LONGEST_WAIT_MS) leastMs = Math.min(leastMs, ms)
      else if (due === undefined || ticket.attempts < due.attempts) due = ticket
    }
    if (due) return { kind: 'due', ticket: due }
    return leastMs === Number.POSITIVE_INFINITY ? undefined : { kind: 'wait', ms: leastMs }
  }

  /** Only what is shown changes: should the process end, the import is done again. */
  async start(ticket: ImportTicket): Promise<ImportTicket> {
    this.#withAll.delete(ticket.id)
    return this.#keepOpen({ ...withoutRetry(ticket), status: 'running', attempts: ticket.attempts + 1 })
  }

  async retryLater(ticket: ImportTicket, error: ErrorBody, wait: { ms: number; withAll: boolean }): Promise<void> {
    if (wait.withAll) this.#withAll.add(ticket.id)
    const retryAt = new Date(this.now().getTime() + Math.min(wait.ms, LONGEST_WAIT_MS)).toISOString()
    await this.#keepOpen({ ...ticket, status: 'waiting', lastError: error, retryAt })
  }

  async finish(
    ticket: ImportTicket,
    result: { resources: number; withheld?: boolean } | { error: ErrorBody },
  ): Promise<void> {
    const { lastError: _, ...rest } = withoutRetry(ticket)
    const finishedAt = this.now().toISOString()
    const finished: ImportTicket =
      'error' in result
        ? { ...rest, status: 'failed', finishedAt, lastError: result.error }
        : {
            ...rest,
            status: 'done',
            finishedAt,
            resources: result.resources,
            ...(result.withheld && { withheld: true }),
          }
    await this.part.put(ticket.id, finished, ON_DISK)
    this.#open.delete(ticket.id)
    this.#finished += 1
    if (this.#finished > MOST_FINISHED_TICKETS) await this.#forgetOldest()
  }

  async #keepOpen(ticket: ImportTicket): Promise<ImportTicket> {
    this.#open.set(ticket.id, ticket)
    await this.part.put(ticket.id, ticket)
    return ticket
  }

  async #forgetOldest(): Promise<void> {
    for await (const id of this.part.keys()) {
      if (this.#open.has(id)) continue
      await this.part.del(id)
      this.#finished -= 1
      return
    }
  }
}

function withoutRetry({ retryAt: _, ...ticket }: ImportTicket): ImportTicket {
  return ticket
}
