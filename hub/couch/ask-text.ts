import type { Dispatcher } from 'undici'
import { CodedError } from '../../protocol/error-codes'
import { AnsweredError } from './ask'
import { NO_QUORUM } from './quorum'

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
 *
 * A 202 is no success: see `quorum.ts`.
 */
export type AskText = (request: TextRequest) => Promise<string>

export function textAsker(
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
    if (answer.statusCode === 200 || answer.statusCode === 201) return whole(answer.body, onBytes)
    await answer.body.dump().catch(() => undefined)
    if (answer.statusCode === 202) throw unavailable(new Error(NO_QUORUM))
    if (answer.statusCode >= 500) throw unavailable(new Error(`it answered ${answer.statusCode}`))
    throw new AnsweredError(answer.statusCode, 'unknown')
  }
}

/** What was answered, as a value. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'latin1').toString('utf8'))
  } catch (cause) {
    throw unavailable(cause)
  }
}

/** Listens for parts and does not iterate over them: CouchDB sends each row by itself. */
function whole(body: Dispatcher.ResponseData['body'], onBytes: TextRequest['onBytes']): Promise<string> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    body.on('data', (part: Buffer) => {
      try {
        onBytes?.(part.length)
        parts.push(part)
      } catch (error) {
        body.destroy()
        reject(error)
      }
    })
    body.once('end', () => resolve(Buffer.concat(parts).toString('latin1')))
    body.once('error', (cause) => reject(unavailable(cause)))
    body.once('close', () => reject(unavailable(new Error('the answer broke off'))))
  })
}

function unavailable(cause: unknown): CodedError {
  return new CodedError('DATABASE_UNAVAILABLE', 'The database does not answer; try again.', { cause })
}
