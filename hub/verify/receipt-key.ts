import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto'

export interface VerifyKeys {
  /** Ed25519: signs receipts. */
  readonly receipt: KeyObject
  /** Its public half, 32 bytes in base64url. */
  readonly publicKey: string
  /** For what the hub gives out to get it back unchanged. */
  readonly pass: Buffer
}

/** RFC 8410, section 7: what stands before the 32 bytes of a private Ed25519 key in PKCS #8. */
const PKCS8_START = Buffer.from('302e020100300506032b657004220420', 'hex')

/** The same at every gateway, because all of a hub share HUB_SECRET_KEY. */
export function verifyKeys(secretKey: Buffer): VerifyKeys {
  const seed = derived(secretKey, 'lontar receipt v1')
  const receipt = createPrivateKey({ key: Buffer.concat([PKCS8_START, seed]), format: 'der', type: 'pkcs8' })
  const { x = '' } = createPublicKey(receipt).export({ format: 'jwk' })
  return { receipt, publicKey: x, pass: derived(secretKey, 'lontar verify pass v1') }
}

function derived(secretKey: Buffer, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secretKey, '', use, 32))
}
