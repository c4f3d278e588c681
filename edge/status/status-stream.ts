import type { Request, Response } from 'express'
import { CodedError } from '../../protocol/error-codes'
import type { Log } from '../../runtime/log'
import { onceOver } from '../../runtime/once-over'
import type { Stoppable } from '../../runtime/service'
import { isRoomFor } from '../../runtime/stream-room'
import type { EdgeStatus } from '../../schemas/generated/types'

/** Twice a second at most. */
const LOOK_EVERY_MS = 500
/** A comment that nobody shows: whoever listens, and what stands in between, sees that the line is open. */
const HEARTBEAT_MS = 15_000

interface Listener {
  request: Request
  response: Response
  name: string
  /** The newest that it was sent. */
  text: string
  lastWriteMs: number
}

/**
 * GET /status/stream: the object of GET /status as server-sent events, whenever it is another one
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html). It is looked at only while somebody listens; a listener
 * that reads slowly gets the newest when it is ready again, and none of those in between. It ends when who listens has signed out.
 */
export class StatusStream implements Stoppable {
  readonly #listeners = new Set<Listener>()
  #timer: NodeJS.Timeout | undefined
  #isLooking = false
  #isStopped = false

  constructor(
    private readonly status: () => Promise<EdgeStatus>,
    private readonly log: Log,
    private readonly isStillLetIn: (request: Request) => boolean = () => true,
    /** For the bound alone. */
    private readonly nameOf: (request: Request) => string = () => '',
  ) {}

  listen(request: Request, response: Response): void {
    if (this.#isStopped) throw new CodedError('NOT_READY', 'The edge is stopping.')
    const name = this.nameOf(request)
    if (!isRoomFor(name, this.#listeners)) {
      response.setHeader('Retry-After', '10')
      throw new CodedError('OVERLOADED', 'Too many programs listen already; close one of them.')
    }
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
    response.write('retry: 2000\n\n')
    const listener: Listener = { request, response, name, text: '', lastWriteMs: performance.now() }
    this.#listeners.add(listener)
    onceOver(response, () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#rest()
    })
    this.#timer ??= setInterval(() => void this.#look(), LOOK_EVERY_MS)
    void this.#look()
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
      for (const { request, response } of this.#listeners) if (!this.isStillLetIn(request)) response.end()
      const text = JSON.stringify(await this.status())
      const nowMs = performance.now()
      for (const listener of this.#listeners) send(listener, text, nowMs)
    } catch (error) {
      this.log.warn({ err: error }, 'the status could not be told to those who listen')
    } finally {
      this.#isLooking = false
    }
  }
}

function send(listener: Listener, text: string, nowMs: number): void {
  const { response } = listener
  if (response.writableNeedDrain || response.writableEnded) return
  if (text !== listener.text) response.write(`event: status\ndata: ${text}\n\n`)
  else if (nowMs - listener.lastWriteMs >= HEARTBEAT_MS) response.write(': still there\n\n')
  else return
  listener.text = text
  listener.lastWriteMs = nowMs
}
