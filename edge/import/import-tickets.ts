import { ulid } from 'ulid'
import { CodedError } from '../../protocol/error-codes'
import type { Asker, ErrorBody, ImportRequest, ImportTicket } from '../../schemas/generated/types'
import { ON_DISK, type StatePart } from '../store/state'

/** More than a facility asks for in weeks; whoever asks for more has a program that runs wild. */
export const MOST_OPEN_TICKETS = 1_000
/** Finished ones are a history for people, and forgotten from the old end. */
export const MOST_FINISHED_TICKETS = 1_000
const MOST_ASKERS = 20
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
      if (isFinished(ticket)) tickets.#finished += 1
      else tickets.#open.set(ticket.id, { ...withoutRetry(ticket), status: 'waiting' })
    }
    return tickets
  }

  /**
   * The ticket, on the disk. Asking the same again while it is open gives the same one, and it is tried without waiting
   * longer: somebody stands there. Another purpose or reason is another request, because both are audited.
   *
   * @param asker who of the facility it is, where that is known
   */
  async add({ mrn, purpose = 'TREAT', reason }: ImportRequest, asker?: Asker): Promise<ImportTicket> {
    for (const open of this.#open.values()) {
      if (open.mrn !== mrn || open.purpose !== purpose || open.reason !== reason) continue
      const again = askedAlso(withoutRetry(open), asker)
      this.#open.set(open.id, again)
      if (again.requestedBy !== open.requestedBy) await this.part.put(again.id, again, ON_DISK)
      return again
    }
    if (this.#open.size >= MOST_OPEN_TICKETS) throw new CodedError('OVERLOADED', 'Too many imports wait already.')
    const at = this.now()
    const ticket: ImportTicket = {
      id: ulid(at.getTime()),
      mrn,
      purpose,
      ...(reason === undefined ? {} : { reason }),
      ...(asker && { requestedBy: [asker] }),
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

  /** Newest first; `before` is the id that the page before ended with. */
  async list(limit: number, before?: string): Promise<ImportTicket[]> {
    const range = before === undefined ? {} : { lt: before }
    const tickets = await this.part.values({ ...range, reverse: true, limit }).all()
    return tickets.map((ticket) => this.#open.get(ticket.id) ?? ticket)
  }

  /**
   * Nobody waits for it any more. What runs is broken off by whoever does it; should the hub have released the record
   * already, its audit says so, and nothing of it is kept here. Throws NOT_FOUND and IMPORT_ENDED.
   */
  async cancel(id: string, asker?: Asker): Promise<ImportTicket> {
    const open = this.#open.get(id)
    if (!open) {
      const before = await this.part.get(id)
      if (before) throw new CodedError('IMPORT_ENDED', `This import has ended: ${before.status}.`)
      throw new CodedError('NOT_FOUND', 'There is no import of this id; finished ones are forgotten in time.')
    }
    const cancelledAt = this.now().toISOString()
    const { lastError: _, ...rest } = withoutRetry(open)
    const cancelled: ImportTicket = {
      ...rest,
      status: 'cancelled',
      finishedAt: cancelledAt,
      ...(asker && { cancelledBy: asker }),
    }
    // Out of the open ones first: what comes for it from now on is not kept.
    this.#open.delete(id)
    try {
      await this.#keepFinished(cancelled)
    } catch (error) {
      this.#open.set(id, open)
      throw error
    }
    return cancelled
  }

  /** Whether somebody still waits for it. */
  isOpen(id: string): boolean {
    return this.#open.has(id)
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
    if (!this.isOpen(ticket.id)) return
    if (wait.withAll) this.#withAll.add(ticket.id)
    const retryAt = new Date(this.now().getTime() + Math.min(wait.ms, LONGEST_WAIT_MS)).toISOString()
    await this.#keepOpen({ ...this.#withAskers(ticket), status: 'waiting', lastError: error, retryAt })
  }

  async finish(
    ticket: ImportTicket,
    result: { resources: number; withheld?: boolean } | { error: ErrorBody },
  ): Promise<void> {
    if (!this.isOpen(ticket.id)) return
    const { lastError: _, ...rest } = withoutRetry(this.#withAskers(ticket))
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
    await this.#keepFinished(finished)
    this.#open.delete(ticket.id)
  }

  /** With whoever has asked for it, too, since it was looked at. */
  #withAskers(ticket: ImportTicket): ImportTicket {
    const { requestedBy } = this.#open.get(ticket.id) ?? ticket
    return requestedBy ? { ...ticket, requestedBy } : ticket
  }

  async #keepFinished(ticket: ImportTicket): Promise<void> {
    await this.part.put(ticket.id, ticket, ON_DISK)
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

function isFinished({ status }: ImportTicket): boolean {
  return status === 'done' || status === 'failed' || status === 'cancelled'
}

/** More than one may stand at the desk; the hub is asked once for all of them. */
function askedAlso(ticket: ImportTicket, asker: Asker | undefined): ImportTicket {
  const before = ticket.requestedBy ?? []
  if (!asker || before.some(({ name }) => name === asker.name) || before.length >= MOST_ASKERS) return ticket
  return { ...ticket, requestedBy: [...before, asker] as ImportTicket['requestedBy'] & object }
}
