import { promisify } from 'node:util'
import { brotliCompress, brotliDecompress } from 'node:zlib'
import { Agent, buildConnector, request } from 'undici'
import type { Stoppable } from '../../runtime/service'
import type { Validator } from '../../schemas/check'
import type {
  DisclosureList,
  ReceiptKey,
  RevsDiffAnswer,
  RevsDiffRequest,
  VerifyAnswer,
  VerifyRequest,
} from '../../schemas/generated/types'
import {
  isDisclosureList,
  isErrorBody,
  isReceiptKey,
  isRevsDiffAnswer,
  isVerifyAnswer,
} from '../../schemas/generated/validators'

/** What the verification asks the hub. Throws HubUnavailable. */
export interface VerifyHub {
  verify(request: VerifyRequest, signal: AbortSignal): Promise<VerifyAnswer>
  lacking(revisions: RevsDiffRequest, signal: AbortSignal): Promise<RevsDiffAnswer>
  receiptKey(signal: AbortSignal): Promise<ReceiptKey>
}

/** No usable answer: it is asked again later. The message is a sentence for a person. */
export class HubUnavailable extends Error {
  constructor(
    reason: string,
    readonly because: 'link' | 'access' | 'hub' = 'link',
    options?: { cause?: unknown },
  ) {
    super(reason, options)
    this.name = 'HubUnavailable'
  }
}

export interface VerifyAccess {
  hubUrl: string
  nodeName: string
  syncPassword: string
}

const compress = promisify(brotliCompress)
const decompress = promisify(brotliDecompress)

const CONNECT_MS = 10_000
/** The hub reads tens of thousands of rows before its first byte. */
const SILENCE_MS = 60_000
const ANSWER_BYTES = 8 * 1024 * 1024
/** Less than a packet gains nothing. */
const LEAST_BYTES = 200

/** The hub over one kept connection, as the node. `access` is asked before each request. */
export class HubLine implements VerifyHub, Stoppable {
  readonly #agent: Agent

  /** @param connector  makes its connections, and may count them */
  constructor(
    private readonly access: () => VerifyAccess | undefined,
    connector: typeof buildConnector = buildConnector,
  ) {
    this.#agent = new Agent({
      connections: 1,
      connect: connector({ timeout: CONNECT_MS }),
      headersTimeout: SILENCE_MS,
      bodyTimeout: SILENCE_MS,
    })
  }

  verify(asked: VerifyRequest, signal: AbortSignal): Promise<VerifyAnswer> {
    return this.#ask('/node/verify', asked, isVerifyAnswer, signal)
  }

  lacking(revisions: RevsDiffRequest, signal: AbortSignal): Promise<RevsDiffAnswer> {
    return this.#ask('/sync/ehr/_revs_diff', revisions, isRevsDiffAnswer, signal)
  }

  receiptKey(signal: AbortSignal): Promise<ReceiptKey> {
    return this.#ask('/receipt-key', undefined, isReceiptKey, signal)
  }

  /** Who has read this facility's records. */
  disclosures(query: URLSearchParams, signal: AbortSignal): Promise<DisclosureList> {
    return this.#ask(`/node/disclosures?${query}`, undefined, isDisclosureList, signal)
  }

  async stop(): Promise<void> {
    await this.#agent.destroy()
  }

  async #ask<T>(path: string, body: object | undefined, validator: Validator<T>, signal: AbortSignal): Promise<T> {
    const access = this.access()
    if (!access) throw new HubUnavailable('This facility is not registered at the hub yet.', 'access')
    let status: number
    let answer: unknown
    try {
      const sent = await packed(body)
      const response = await request(`${access.hubUrl}${path}`, {
        method: body ? 'POST' : 'GET',
        headers: { ...headersFor(access), ...sent.headers },
        body: sent.bytes,
        signal,
        dispatcher: this.#agent,
      })
      status = response.statusCode
      answer = await unpacked(await bytesOf(response.body), response.headers['content-encoding'])
    } catch (cause) {
      signal.throwIfAborted()
      throw new HubUnavailable('The hub can not be reached now.', 'link', { cause })
    }
    if (status === 200 && validator(answer)) return answer
    if (!isErrorBody(answer)) throw new HubUnavailable('Something else answers in place of the hub.')
    if (status === 401 || status === 403) throw new HubUnavailable(answer.reason, 'access')
    if (status === 404)
      throw new HubUnavailable('This hub does not know the question; it needs a newer version.', 'hub')
    throw new HubUnavailable(`The hub could not do it: ${answer.reason}`, 'hub')
  }
}

function headersFor({ nodeName, syncPassword }: VerifyAccess): Record<string, string> {
  return {
    authorization: `Basic ${Buffer.from(`${nodeName}:${syncPassword}`).toString('base64')}`,
    accept: 'application/json',
    'accept-encoding': 'br',
  }
}

async function packed(body: object | undefined): Promise<{ bytes: Buffer | null; headers: Record<string, string> }> {
  if (!body) return { bytes: null, headers: {} }
  const bytes = Buffer.from(JSON.stringify(body))
  const headers = { 'content-type': 'application/json' }
  if (bytes.length < LEAST_BYTES) return { bytes, headers }
  return { bytes: await compress(bytes), headers: { ...headers, 'content-encoding': 'br' } }
}

async function bytesOf(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of stream) {
    bytes += part.length
    if (bytes > ANSWER_BYTES) throw new RangeError('an answer of this length does not come from the hub')
    parts.push(part)
  }
  return Buffer.concat(parts)
}

/** Undefined for what is not JSON. */
async function unpacked(bytes: Buffer, encoding: string | string[] | undefined): Promise<unknown> {
  const text = encoding === 'br' ? await decompress(bytes, { maxOutputLength: ANSWER_BYTES }) : bytes
  try {
    return JSON.parse(text.toString('utf8'))
  } catch {
    return undefined
  }
}
