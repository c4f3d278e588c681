import { createHash, timingSafeEqual } from 'node:crypto'

/** Compares in a time that tells neither where two secrets differ nor how long they are. */
export function isSameSecret(a: string, b: string): boolean {
  return timingSafeEqual(hashOf(a), hashOf(b))
}

/** How a secret of at least 128 random bits is kept: nobody finds it by guessing, so the hash need not be slow. */
export function hashOfSecret(secret: string): string {
  return hashOf(secret).toString('hex')
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
