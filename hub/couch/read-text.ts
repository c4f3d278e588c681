import type { Dispatcher } from 'undici'
import { CodedError } from '../../protocol/error-codes'
import { AnsweredError } from './ask'

export interface TextRequest {
  /** Below the server's address, with its parts encoded, and with its query. */
  path: string
  /** With one it is a POST. */
  body?: object
  /** Told of each part that has come, before the next one; what it throws breaks the reading off. */
  onBytes?: (bytes: number) => void
}

/**
 * An answer of CouchDB as it was sent, not parsed: each character of the text is one byte (latin1), so that what is JSON's own in
 * it can be looked at, and what is not goes on as the bytes that it was. Throws as `Ask` does.
 */
export type ReadText = (request: TextRequest) => Promise<string>

export function textReader(
  dispatcher: Dispatcher,
  server: { url: string; authorization: string },
): (request: TextRequest) => Promise<string> {
  const { origin, pathname } = new URL(server.url)
  const base = pathname.replace(/\/+$/, '')
  return async ({ path, body, onBytes }) => {
    let answer: Dispatcher.ResponseData
    try {
      answer = await dispatcher.request({
        origin,
        path: `${base}/${path}`,
        method: body ? 'POST' : 'GET',
        headers: {
          accept: 'application/json',
          authorization: server.authorization,
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
      })
    } catch (cause) {
      throw unavailable(cause)
    }
    if (answer.statusCode === 200) return whole(answer.body, onBytes)
    await answer.body.dump().catch(() => undefined)
    if (answer.statusCode >= 500) throw unavailable(new Error(`it answered ${answer.statusCode}`))
    throw new AnsweredError(answer.statusCode, 'unknown')
  }
}

async function whole(body: Dispatcher.ResponseData['body'], onBytes: TextRequest['onBytes']): Promise<string> {
  const parts: Buffer[] = []
  try {
    for await (const part of body) {
      onBytes?.((part as Buffer).length)
      parts.push(part as Buffer)
    }
  } catch (cause) {
    throw cause instanceof CodedError ? cause : unavailable(cause)
  }
  return Buffer.concat(parts).toString('latin1')
}

function unavailable(cause: unknown): CodedError {
  return new CodedError('DATABASE_UNAVAILABLE', 'The database does not answer; try again.', { cause })
}
