import { createHash, timingSafeEqual } from 'node:crypto'

/**
 * A claim is a facility's proof that a registration is its own: 32 random bytes in base64url, kept by the edge. The
 * hub sees only the SHA-256 of its characters, in lower-case hex (`printf %s "$CLAIM" | openssl dgst -sha256`).
 */
export function hashOfClaim(claim: string): string {
  return createHash('sha256').update(claim).digest('hex')
}

/** Compares in constant time: a claim is a secret. */
export function isClaim(claim: string, claimHash: string): boolean {
  return timingSafeEqual(Buffer.from(hashOfClaim(claim)), Buffer.from(claimHash.padEnd(64).slice(0, 64)))
}

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/**
 * What two people compare by phone: the first 40 bits of the claim's hash as eight characters of Crockford's base32
 * (no I, L, O, U). Both ends compute it from the hash, so a hub in the middle cannot show another.
 */
export function pairingCodeOf(claimHash: string): string {
  const bits = BigInt(`0x${claimHash.slice(0, 10)}`)
  let code = ''
  for (let shift = 35n; shift >= 0n; shift -= 5n) code += CROCKFORD[Number((bits >> shift) & 31n)]
  return code
}
