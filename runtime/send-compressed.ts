import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Encoding, packed } from './content-encoding'

/** Less than a packet gains nothing. */
const LEAST_BYTES = 1_400

/** Sends text in the best encoding that the client takes: links are thin. */
export async function sendCompressed(
  request: IncomingMessage,
  response: ServerResponse,
  text: string | Buffer,
): Promise<void> {
  const body = typeof text === 'string' ? Buffer.from(text) : text
  const encoding = body.length < LEAST_BYTES ? 'identity' : encodingFor(request.headers['accept-encoding'] ?? '')
  const sent = await packed(body, encoding)
  response.setHeader('Vary', 'Accept-Encoding')
  if (encoding !== 'identity') response.setHeader('Content-Encoding', encoding)
  response.setHeader('Content-Length', sent.length)
  response.end(sent)
}

/** RFC 9110, section 12.5.3: a list of codings; `q=0` says that one isn't taken. */
export function encodingFor(acceptEncoding: string): Encoding {
  const taken = new Set<string>()
  for (const part of acceptEncoding.toLowerCase().split(',')) {
    const [coding = '', ...parameters] = part.split(';').map((piece) => piece.trim())
    if (!parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))) taken.add(coding)
  }
  return taken.has('br') ? 'br' : taken.has('gzip') ? 'gzip' : 'identity'
}
