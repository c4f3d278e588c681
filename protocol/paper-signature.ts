import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * The signature of the system in the literature: hex HMAC-SHA256 of the MRN, the node password as the key. It binds
 * neither time nor purpose, so whoever saw one can send it again for ever; the operator switches it on for a node that
 * speaks nothing else.
 */
export function paperSignatureOf(mrn: string, nodePassword: string): string {
  return createHmac('sha256', nodePassword).update(mrn).digest('hex')
}

/** Always so many are tried, so that the time tells nothing of a node; it has two while one takes the other's place. */
const MOST_KEYS = 2
const NOBODYS_KEY = randomBytes(32).toString('base64url')

/** Which of the passwords signed, by its index; undefined for none. Compares in constant time; hex digits may be of either case. */
export function paperKeyOf(signature: string, mrn: string, nodePasswords: readonly string[]): number | undefined {
  const sent = Buffer.from(signature.toLowerCase())
  const isSigned = Array.from({ length: MOST_KEYS }, (_, index) => {
    const expected = Buffer.from(paperSignatureOf(mrn, nodePasswords[index] ?? NOBODYS_KEY))
    return sent.length === expected.length && timingSafeEqual(sent, expected)
  })
  const key = isSigned.indexOf(true)
  return nodePasswords[key] === undefined ? undefined : key
}
