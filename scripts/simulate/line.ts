import { brotliCompressSync, constants } from 'node:zlib'
import { Agent, request } from 'undici'
import { pause } from '../../runtime/back-off'

export interface Asked {
  readonly method?: 'GET' | 'POST' | 'PUT'
  readonly authorization?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: object
}

export interface Answered {
  readonly status: number
  readonly body: unknown
  readonly milliseconds: number
  readonly headers: Readonly<Record<string, string>>
}

const MOST_WAIT_MS = 60_000
const MOST_TRIES = 100
const COMPRESS_FROM_BYTES = 1_024

/** A facility's one kept connection to the hub. It does as it is told by 429 and 503, as an edge does. */
export class HubLine {
  readonly #agent = new Agent({ connections: 1, keepAliveTimeout: 6 * 60_000, headersTimeout: 120_000 })
  /** Answers that said to come again. */
  later = 0
  bytesSent = 0

  constructor(
    private readonly hubUrl: string,
    private readonly signal: AbortSignal,
  ) {}

  async ask(path: string, asked: Asked = {}): Promise<Answered> {
    const { method = 'GET', authorization, body } = asked
    const plain = body === undefined ? undefined : Buffer.from(JSON.stringify(body))
    const isPacked = plain !== undefined && plain.length >= COMPRESS_FROM_BYTES
    const bytes = isPacked ? packed(plain) : plain
    for (let tries = 1; ; tries++) {
      const startedAt = performance.now()
      const answer = await request(`${this.hubUrl}${path}`, {
        method,
        headers: {
          ...(authorization !== undefined && { authorization }),
          ...(bytes && { 'content-type': 'application/json' }),
          ...(isPacked && { 'content-encoding': 'br' }),
          ...asked.headers,
        },
        body: bytes ?? null,
        dispatcher: this.#agent,
        signal: this.signal,
      })
      const text = await answer.body.text()
      this.bytesSent += bytes?.length ?? 0
      const { statusCode: status } = answer
      if ((status === 429 || status === 503) && tries < MOST_TRIES) {
        this.later++
        await pause(Math.min(MOST_WAIT_MS, 1_000 * (Number(answer.headers['retry-after']) || 1)), this.signal)
        continue
      }
      const headers = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, String(value)]))
      const milliseconds = performance.now() - startedAt
      return { status, body: text === '' ? undefined : JSON.parse(text), milliseconds, headers }
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy()
  }
}

function packed(plain: Buffer): Buffer {
  return brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } })
}

export function basic(name: string, password: string): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`
}
