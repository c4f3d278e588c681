import type { Request, Response } from 'express'
import { CodedError } from '../../protocol/error-codes'
import type { Log } from '../../runtime/log'
import { onceOver } from '../../runtime/once-over'
import type { Stoppable } from '../../runtime/service'
import { isRoomFor } from '../../runtime/stream-room'
import type { AppChanges } from '../../schemas/generated/types'
import { changesAfter, MOST_NAMED, nothingYet, type RecentChanges, withRows } from './recent-changes'

/** What is written together is told together. */
const LOOK_EVERY_MS = 300
/** A comment that nobody shows: whoever listens, and what stands in between, sees that the line is open. */
const HEARTBEAT_MS = 15_000

export interface ChangeFeed {
  newest(): Promise<number>
  after(sequence: number, limit: number): Promise<{ rows: readonly { id: string; seq: number }[]; newest: number }>
}

export interface ChangeStreamParts {
  readonly feed: ChangeFeed
  /** Names this run of the program: the sequences of another one, whose data may have been put back, mean nothing here. */
  readonly run: string
  /** For the bound alone. */
  nameOf(request: Request): string
  isStillLetIn(request: Request): boolean
  /** Whether whoever asks may read resources of this type. */
  mayRead(request: Request, type: string): boolean
  readonly log: Log
}

interface Listener {
  readonly request: Request
  readonly response: Response
  readonly name: string
  /** The last change that it has been told, or need not be. */
  sequence: number
  lastWriteMs: number
}

/**
 * GET /app/changes: which resources were changed, as server-sent events. A listener that comes back with the id of the last
 * event it saw (`Last-Event-ID`, or `?since=`) is told what it missed, or that it missed more than is known. One that reads
 * slowly is told all together when it is ready again.
 */
export class ChangeStream implements Stoppable {
  readonly #listeners = new Set<Listener>()
  #recent: RecentChanges | undefined
  #timer: NodeJS.Timeout | undefined
  #isLooking = false
  #isStopped = false

  constructor(private readonly parts: ChangeStreamParts) {}

  async listen(request: Request, response: Response): Promise<void> {
    const recent = await this.#follow()
    if (this.#isStopped) throw new CodedError('NOT_READY', 'The edge is stopping.')
    const name = this.parts.nameOf(request)
    if (!isRoomFor(name, this.#listeners)) {
      response.setHeader('Retry-After', '10')
      throw new CodedError('OVERLOADED', 'Too many programs listen already; close one of them.')
    }
    const seen = this.#sequenceIn(request)
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
    response.write('retry: 2000\n\n')
    const listener: Listener = { request, response, name, sequence: seen ?? recent.newest, lastWriteMs: 0 }
    this.#listeners.add(listener)
    onceOver(response, () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#rest()
    })
    // The first event gives the id to come back with, also where nothing is missed.
    this.#tell(listener, recent, true)
    this.#timer ??= setInterval(() => void this.#look(), LOOK_EVERY_MS)
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#rest()
    for (const { response } of this.#listeners) response.end()
  }

  #rest(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return
    this.#isLooking = true
    try {
      for (const listener of this.#listeners) {
        if (this.parts.isStillLetIn(listener.request)) continue
        write(listener, { kind: 'ended' })
        listener.response.end()
      }
      const recent = await this.#follow()
      for (const listener of this.#listeners) this.#tell(listener, recent)
    } catch (err) {
      this.parts.log.warn({ err }, 'the changes could not be told to those who listen')
    } finally {
      this.#isLooking = false
    }
  }

  async #follow(): Promise<RecentChanges> {
    const { feed } = this.parts
    this.#recent ??= nothingYet(await feed.newest())
    const before = this.#recent
    const { rows, newest } = await feed.after(before.newest, MOST_NAMED + 1)
    // Another look may have read as far meanwhile.
    if (this.#recent !== before) return this.#recent
    this.#recent = rows.length > MOST_NAMED ? nothingYet(await feed.newest()) : withRows(before, rows, newest)
    return this.#recent
  }

  #tell(listener: Listener, recent: RecentChanges, isFirst = false): void {
    if (listener.response.writableNeedDrain || listener.response.writableEnded) return
    let nowMs = performance.now()
    const changes = changesAfter(recent, listener.sequence)
    const changed = changes
      ?.filter(({ type }) => this.parts.mayRead(listener.request, type))
      .map(({ reference }) => reference)
    const id = `${this.parts.run}-${recent.newest}`
    if (changed === undefined) write(listener, { kind: 'all' }, id)
    else if (changed.length > 0 || isFirst) write(listener, { kind: 'some', changed }, id)
    else if (nowMs - listener.lastWriteMs >= HEARTBEAT_MS) listener.response.write(': still there\n\n')
    else nowMs = listener.lastWriteMs
    listener.sequence = recent.newest
    listener.lastWriteMs = nowMs
  }

  /** Undefined where the listener comes for the first time; one of no change that ever was, where it is of another run. */
  #sequenceIn({ headers, query }: Request): number | undefined {
    const id = headers['last-event-id'] ?? query['since']
    if (id === undefined) return undefined
    const [, run, sequence] = /^([A-Za-z0-9]+)-(\d{1,15})$/.exec(String(id)) ?? []
    return run === this.parts.run ? Number(sequence) : -1
  }
}

function write({ response }: Listener, event: AppChanges, id?: string): void {
  response.write(`${id === undefined ? '' : `id: ${id}\n`}event: changes\ndata: ${JSON.stringify(event)}\n\n`)
}
