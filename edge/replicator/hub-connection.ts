import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'
import { Agent, type Dispatcher, request } from 'undici'
import { ContentRefused, PushFailure } from './push-failure'

/** Where to push, and as whom. */
export interface HubAccess {
  /** The hub's sync surface, for example `https://hub.example/sync/ehr`. */
  syncUrl: string
  nodeName: string
  syncPassword: string
}

export interface HubAnswer {
  status: number
  /** Parsed JSON. */
  body: unknown
}

/** A connection that brings nothing for this long is given up (R13). */
const STALLED_MS = 30_000
const CONNECT_MS = 10_000
/** Answers are lists of ids at the most; anything longer does not come from a hub. */
const ANSWER_BYTES = 32 * 1024 * 1024
/** Below this a compressed body is hardly smaller. */
const COMPRESS_FROM_BYTES = 1_024
/** Most of what brotli can win, at a fraction of the time that its best level takes. */
const BROTLI_QUALITY = 5

const compress = promisify(brotliCompress)

/** One kept connection to the hub's sync surface. */
export class HubConnection {
  readonly #agent: Agent

  /** @param onSent  told of the bytes of each body as they go over the wire */
  constructor(
    readonly access: HubAccess,
    private readonly onSent: (bytes: number) => void,
    stalledMs: number = STALLED_MS,
  ) {
    this.#agent = new Agent({
      connections: 1,
      pipelining: 1,
      connect: { timeout: CONNECT_MS },
      keepAliveTimeout: 60_000,
      headersTimeout: stalledMs,
      bodyTimeout: stalledMs,
    })
  }

  /** Answers with 2xx, 404 and 409, which the protocol gives a meaning. Throws ContentRefused where the hub can't use the
   * body, and PushFailure for everything else. */
  async ask(
    method: 'GET' | 'PUT' | 'POST',
    path: string,
    body: string | undefined,
    signal: AbortSignal,
  ): Promise<HubAnswer> {
    const { nodeName, syncPassword, syncUrl } = this.access
    const headers: Record<string, string> = {
      authorization: `Basic ${Buffer.from(`${nodeName}:${syncPassword}`).toString('base64')}`,
      accept: 'application/json',
    }
    const sent = body === undefined ? null : await encoded(body, headers)
    if (sent) this.onSent(sent.length)
    try {
      const response = await request(`${syncUrl}${path}`, {
        method,
        headers,
        body: sent,
        signal,
        dispatcher: this.#agent,
      })
      return await answerOf(response)
    } catch (error) {
      if (signal.aborted || error instanceof PushFailure || error instanceof ContentRefused) throw error
      throw new PushFailure('unreachable', { cause: error })
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy()
  }
}

async function encoded(body: string, headers: Record<string, string>): Promise<Buffer> {
  headers['content-type'] = 'application/json'
  const plain = Buffer.from(body)
  if (plain.length < COMPRESS_FROM_BYTES) return plain
  headers['content-encoding'] = 'br'
  return compress(plain, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
    },
  })
}

async function answerOf(response: Dispatcher.ResponseData): Promise<HubAnswer> {
  const status = response.statusCode
  const body = parsed(await boundedText(response))
  if (body === undefined) throw new PushFailure(status >= 500 && status !== 511 ? 'overloaded' : 'not-a-hub')
  if (status < 300 || status === 404 || status === 409) return { status, body }
  const retryAfterMs = retryAfterOf(response.headers['retry-after'])
  // A captive portal redirects, or answers for the hub: what a hub says has an error code.
  if (status < 400 || status === 511 || typeof body !== 'object' || body === null || !('error' in body)) {
    throw new PushFailure('not-a-hub')
  }
  const code = String(body.error)
  if (status === 401) throw new PushFailure('unauthorized', { retryAfterMs })
  if (status === 403) throw new PushFailure(code === 'NODE_SUSPENDED' ? 'suspended' : 'unauthorized', { retryAfterMs })
  if (status === 400 || status === 413 || status === 415 || status === 422) {
    throw new ContentRefused(
      code,
      'reason' in body && typeof body.reason === 'string' ? body.reason : 'no reason given',
    )
  }
  if (status === 429 || status === 503) throw new PushFailure('overloaded', { retryAfterMs })
  throw new PushFailure('hub-fault', { retryAfterMs })
}

async function boundedText(response: Dispatcher.ResponseData): Promise<string> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of response.body) {
    bytes += part.length
    if (bytes > ANSWER_BYTES) throw new PushFailure('not-a-hub')
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON is an answer too: it does not come from a hub, or from a proxy in front of one that is down.
    return undefined
  }
}

/** RFC 9110, section 10.2.3: seconds, or a date; a date is not used here, our hub and CouchDB send seconds. */
function retryAfterOf(header: string | string[] | undefined): number | undefined {
  const seconds = Number(header)
  return Number.isFinite(seconds) && seconds >= 0 && header !== undefined ? seconds * 1_000 : undefined
}
