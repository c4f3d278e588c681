import { Readable } from 'node:stream'
import { Agent, type buildConnector, request } from 'undici'
import { BodyEncoder, type EncodedBody } from './body-encoding'
import { type HubAnswer, meaningOf, type RawAnswer, readAnswer } from './hub-answer'
import { PushFailure } from './push-failure'
import { Silence } from './silence'
import { WireCount } from './wire-count'

/** Where to push, and as whom. */
export interface HubAccess {
  /** The hub's sync surface, for example `https://hub.example/sync/ehr`. */
  syncUrl: string
  nodeName: string
  syncPassword: string
}

const CONNECT_MS = 10_000
/** A body is handed over in pieces: each that the connection takes is progress. */
const PIECE_BYTES = 16 * 1024

export interface ConnectionLimits {
  /** A request without progress for this long is given up (R13). */
  silenceMs: number
  /**
   * The operating system takes what is on its way and tells nobody how much of it has arrived. So once a body is handed
   * over, the silence is longer by the time that it takes on the slowest line that is worth waiting for.
   */
  slowestBytesPerSecond: number
}

const LIMITS: ConnectionLimits = { silenceMs: 20_000, slowestBytesPerSecond: 2_000 }

/** What the data budget has to do with a connection. */
export interface Wire {
  /** A body goes in pieces of this at the most. */
  readonly pieceBytes: number
  /** Resolves when these bytes of a body may go (R26). */
  pace(bytes: number, signal: AbortSignal): Promise<void>
  /** Told of everything that passes, both directions. */
  count(bytes: number): void
  /** Whom the connection trusts, where that is not the operating system's authorities. */
  readonly trust?: buildConnector.BuildOptions
}

const FREE: Wire = { pieceBytes: PIECE_BYTES, pace: async () => {}, count: () => {} }

/** One kept connection to the hub's sync surface. */
export class HubConnection {
  readonly #agent: Agent
  readonly #encoder = new BodyEncoder()
  readonly #wireCount: WireCount

  /** @param onSent  told of the bytes of each piece of a body as it goes over the wire */
  constructor(
    readonly access: HubAccess,
    private readonly onSent: (bytes: number) => void,
    private readonly limits: ConnectionLimits = LIMITS,
    private readonly wire: Wire = FREE,
  ) {
    this.#wireCount = new WireCount((bytes) => this.wire.count(bytes), this.wire.trust)
    // Progress is watched here; undici's own limits would be those of the whole.
    this.#agent = new Agent({
      connections: 1,
      pipelining: 1,
      connect: this.#wireCount.connector({ timeout: CONNECT_MS }),
      keepAliveTimeout: 60_000,
      headersTimeout: 0,
      bodyTimeout: 0,
    })
  }

  /**
   * Answers with 2xx, 404 and 409, which the protocol gives a meaning. Throws ContentRefused where the hub can't use the
   * body, and PushFailure for everything else.
   */
  async ask(
    method: 'GET' | 'PUT' | 'POST',
    path: string,
    body: string | undefined,
    signal: AbortSignal,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<HubAnswer> {
    for (;;) {
      const encoded = body === undefined ? undefined : await this.#encoder.encode(body)
      const answer = await this.#send(method, path, encoded, signal, headers)
      // RFC 9110, section 15.5.16: a peer that does not take this encoding gets the next best.
      if (answer.status !== 415 || !encoded || !this.#encoder.giveUp(encoded.encoding)) return meaningOf(answer)
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy()
  }

  async #send(
    method: 'GET' | 'PUT' | 'POST',
    path: string,
    encoded: EncodedBody | undefined,
    signal: AbortSignal,
    headers: Readonly<Record<string, string>>,
  ): Promise<RawAnswer> {
    const silence = new Silence(this.limits.silenceMs)
    const given = AbortSignal.any([signal, silence.signal])
    const { nodeName, syncPassword, syncUrl } = this.access
    try {
      const response = await request(`${syncUrl}${path}`, {
        method,
        headers: {
          authorization: `Basic ${Buffer.from(`${nodeName}:${syncPassword}`).toString('base64')}`,
          accept: 'application/json',
          'accept-encoding': 'br, gzip',
          ...encoded?.headers,
          ...headers,
        },
        body: encoded ? Readable.from(this.#pieces(encoded.bytes, silence, given), { objectMode: false }) : null,
        signal: given,
        dispatcher: this.#agent,
      })
      return await readAnswer(response, silence)
    } catch (error) {
      if (signal.aborted || error instanceof PushFailure) throw error
      throw new PushFailure('unreachable', { cause: error })
    } finally {
      silence.end()
      this.#wireCount.look()
    }
  }

  async *#pieces(bytes: Buffer, silence: Silence, signal: AbortSignal): AsyncGenerator<Buffer> {
    const pieceBytes = Math.min(PIECE_BYTES, this.wire.pieceBytes)
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      const piece = bytes.subarray(at, at + pieceBytes)
      await this.wire.pace(piece.length, signal)
      // Waiting for the budget is no silence of the link.
      silence.broken()
      this.onSent(piece.length)
      this.#wireCount.look()
      yield piece
      silence.broken()
    }
    silence.broken((bytes.length * 1_000) / this.limits.slowestBytesPerSecond)
  }
}
