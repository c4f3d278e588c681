import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { isObject, Refusal } from './answer'

const unzip = promisify(gunzip)

/** A body, as it came and unpacked. The gateway takes less; this bounds what anything else on this machine may send. */
const MAX_BODY_BYTES = 64 * 1024 * 1024

/** The JSON object in a body, whatever its content type says: CouchDB does not ask for one either. */
export async function readObject(request: IncomingMessage): Promise<Record<string, unknown>> {
  const parsed = parse((await readBytes(request)).toString('utf8'))
  if (!isObject(parsed)) throw new Refusal(400, 'bad_request', 'Request body must be a JSON object')
  return parsed
}

/** A login form comes as JSON from programs and URL-encoded from Fauxton. */
export async function readForm(request: IncomingMessage): Promise<Record<string, unknown>> {
  if (!/^application\/x-www-form-urlencoded/i.test(request.headers['content-type'] ?? '')) return readObject(request)
  return Object.fromEntries(new URLSearchParams((await readBytes(request)).toString('utf8')))
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const tooLarge = new Refusal(413, 'too_large', 'the request entity is too large')
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > MAX_BODY_BYTES) throw tooLarge
    parts.push(part)
  }
  const body = Buffer.concat(parts)
  const encoding = request.headers['content-encoding'] ?? 'identity'
  if (encoding === 'identity') return body
  if (encoding !== 'gzip') throw new Refusal(415, 'bad_ctype', `${encoding} is not a supported content encoding.`)
  try {
    return await unzip(body, { maxOutputLength: MAX_BODY_BYTES })
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge : invalidJson()
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalidJson()
  }
}

function invalidJson(): Refusal {
  return new Refusal(400, 'bad_request', 'invalid UTF-8 JSON')
}
