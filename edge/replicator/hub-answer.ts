import { pipeline } from 'node:stream'
import type { Dispatcher } from 'undici'
import { retryAfterMsOf } from '../../protocol/retry-after'
import { unpackerOf } from './body-encoding'
import { ContentRefused, PushFailure } from './push-failure'
import type { Silence } from './silence'

/** Answers are lists of ids at the most; anything longer does not come from a hub. */
const ANSWER_BYTES = 32 * 1024 * 1024

export interface HubAnswer {
  status: number
  /** Parsed JSON. */
  body: unknown
}

/** An answer as it came. */
export interface RawAnswer {
  status: number
  headers: Dispatcher.ResponseData['headers']
  /** Undefined where it was not JSON. */
  body: unknown
}

/** What it means to the push: throws ContentRefused and PushFailure where it is no answer to go on with (R12, R15, R16). */
export function meaningOf({ status, headers, body }: RawAnswer): HubAnswer {
  // Also a proxy's own page: whoever says so, a smaller body is the answer (R15).
  if (status === 413 && body === undefined)
    throw new ContentRefused('BODY_TOO_LARGE', 'Something before the hub takes no body as large.')
  if (body === undefined) throw new PushFailure(status >= 500 && status !== 511 ? 'overloaded' : 'not-a-hub')
  if (status < 300 || status === 404 || status === 409) return { status, body }
  const retryAfterMs = retryAfterMsOf(headers['retry-after'], Date.now())
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

/** Reads it whole; each part is progress. */
export async function readAnswer(response: Dispatcher.ResponseData, silence: Silence): Promise<RawAnswer> {
  const { statusCode: status, headers } = response
  const parts: Buffer[] = []
  let bytes = 0
  response.body.on('data', () => silence.broken())
  const unpacker = unpackerOf(headers['content-encoding'])
  // What breaks the one breaks the other: `pipeline` sees to it, and the loop below meets the error.
  const stream = unpacker ? pipeline(response.body, unpacker, () => undefined) : response.body
  for await (const part of stream) {
    bytes += part.length
    if (bytes > ANSWER_BYTES) throw new PushFailure('not-a-hub')
    parts.push(part)
  }
  return { status, headers, body: parsed(Buffer.concat(parts).toString('utf8')) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON is an answer too: it does not come from a hub, or from a proxy in front of one that is down.
    return undefined
  }
}
