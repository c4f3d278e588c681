import type { Draft, DraftRequest } from '../../../schemas/generated/types'
import { AskError } from '../../../web-kit/ask'

/** What is said beside a form about what was typed into it. */
export type DraftNote =
  | { readonly kind: 'untouched' }
  | { readonly kind: 'typing' }
  | { readonly kind: 'kept'; readonly at: string }
  /** Tried again by itself. */
  | { readonly kind: 'notKept' }
  /** Another window has kept something since; a person says which of the two it is. */
  | { readonly kind: 'elsewhere' }

export interface DraftKeeperOptions {
  readonly writer: string
  /** What was there when the form was opened. */
  readonly savedAt?: string | undefined
  send(request: DraftRequest, keepalive: boolean): Promise<Draft>
  discard(): Promise<void>
  onNote(note: DraftNote): void
  readonly delayMs?: number
  readonly retryMs?: number
}

/** After the last key: short enough that a power cut costs a word. */
const DELAY_MS = 600
const RETRY_MS = 3_000

/** Sends what is typed into one form, the newest alone, one request at a time. */
export class DraftKeeper {
  readonly #options: DraftKeeperOptions
  #newest: Record<string, unknown> | undefined
  #sequence = 0
  #savedAt: string | undefined
  #sending: Promise<void> | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #isOver = false
  #isElsewhere = false

  constructor(options: DraftKeeperOptions) {
    this.#options = options
    this.#savedAt = options.savedAt
  }

  typed(content: Record<string, unknown>): void {
    if (this.#isOver) return
    this.#newest = content
    if (this.#isElsewhere) return
    this.#options.onNote({ kind: 'typing' })
    this.#later(this.#options.delayMs ?? DELAY_MS)
  }

  /** Sends what waits. While the page is closed nothing is waited for: the numbers tell the edge which is the newer one. */
  flush(isClosing = false): Promise<void> {
    clearTimeout(this.#timer)
    if (this.#newest === undefined || this.#isOver || this.#isElsewhere) return this.#sending ?? Promise.resolve()
    if (this.#sending && !isClosing) return this.#sending.then(() => this.flush())
    const content = this.#newest
    this.#newest = undefined
    this.#sending = this.#send(content, isClosing).finally(() => {
      this.#sending = undefined
    })
    return this.#sending
  }

  /** Ours is kept in place of the other window's, which was seen at `savedAt`. */
  keepOurs(savedAt: string | undefined): Promise<void> {
    this.#savedAt = savedAt
    this.#isElsewhere = false
    return this.flush()
  }

  /** Nothing is kept any more, and nothing that was typed before can bring it back. */
  async discard(): Promise<void> {
    this.#newest = undefined
    clearTimeout(this.#timer)
    await this.#sending
    await this.#options.discard()
    this.#newest = undefined
    clearTimeout(this.#timer)
    this.#savedAt = undefined
    this.#options.onNote({ kind: 'untouched' })
  }

  /** The form is closed; what waits is sent. */
  close(): void {
    void this.flush(true)
    this.#isOver = true
    clearTimeout(this.#timer)
  }

  async #send(content: Record<string, unknown>, keepalive: boolean): Promise<void> {
    const { writer, send, onNote, retryMs = RETRY_MS } = this.#options
    this.#sequence += 1
    const request = { content, writer, sequence: this.#sequence, ...(this.#savedAt && { basedOn: this.#savedAt }) }
    try {
      const { savedAt } = await send(request, keepalive)
      this.#savedAt = savedAt
      onNote(this.#newest === undefined ? { kind: 'kept', at: savedAt } : { kind: 'typing' })
    } catch (error) {
      this.#newest ??= content
      this.#isElsewhere = error instanceof AskError && error.code === 'EDIT_CONFLICT'
      onNote({ kind: this.#isElsewhere ? 'elsewhere' : 'notKept' })
      if (!this.#isElsewhere && !this.#isOver) this.#later(retryMs)
    }
  }

  #later(ms: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.flush(), ms)
  }
}
