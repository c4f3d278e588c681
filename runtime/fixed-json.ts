import type { Request, Response } from 'express'
import { type Encoding, packed } from './content-encoding'
import { entityTag, isKnown } from './entity-tag'
import { encodingFor } from './send-compressed'

/** Answers with JSON that stays the same as long as the program runs: it is packed once for each encoding. */
export function fixedJson(text: string): (request: Request, response: Response) => Promise<void> {
  const body = Buffer.from(text)
  // Weak: the bytes differ with the encoding (RFC 9110, section 8.8.1).
  const strong = entityTag(text)
  const kept = new Map<Encoding, Promise<Buffer>>()
  return async (request, response) => {
    response.setHeader('ETag', `W/${strong}`)
    response.setHeader('Cache-Control', 'no-cache')
    response.setHeader('Vary', 'Accept-Encoding')
    if (isKnown(strong, request.headers['if-none-match'])) return void response.status(304).end()
    const encoding = encodingFor(request.headers['accept-encoding'] ?? '')
    const sent = kept.get(encoding) ?? packed(body, encoding)
    kept.set(encoding, sent)
    if (encoding !== 'identity') response.setHeader('Content-Encoding', encoding)
    response.setHeader('Content-Type', 'application/json; charset=utf-8')
    response.end(await sent)
  }
}
