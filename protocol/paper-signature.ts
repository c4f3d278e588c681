import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * The signature of the system in the literature: hex HMAC-SHA256 of the MRN, the node password as the key. It binds
 * neither time nor purpose, so whoever saw one can send it again for ever; the operator switches it on for a node that
 * speaks nothing else.
 */
export function paperSignatureOf(mrn: string, nodePassword: string): string {
  return createHmac('sha256', nodePassword).update(mrn).digest('hex')
}

/** Compares in constant time; hex digits may be of either case. */
export function isPaperSignature(signature: string, mrn: string, nodePassword: string): boolean {
  const expected = Buffer.from(paperSignatureOf(mrn, nodePassword))
  const sent = Buffer.from(signature.toLowerCase())
  return sent.length === expected.length && timingSafeEqual(sent, expected)
}
