import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'

/** A key that signed receipts until `at`, and says itself by which one it was replaced. Keys are Ed25519 (RFC 8032), base64url. */
export interface KeyLink {
  publicKey: string
  replacedBy: string
  at: string
  signature: string
}

/** What a hub says of its keys at GET /receipt-key. */
export interface PublishedKeys {
  hubId: string
  publicKey: string
  /** Oldest first. */
  earlier?: readonly KeyLink[]
}

/** RFC 8410, section 7: what stands before the 32 bytes of a private Ed25519 key in PKCS #8. */
const PKCS8_START = Buffer.from('302e020100300506032b657004220420', 'hex')

/** The key pair of a seed of 32 bytes (RFC 8032, section 5.1.5). */
export function keyPairOf(seed: Buffer): { privateKey: KeyObject; publicKey: string } {
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_START, seed]), format: 'der', type: 'pkcs8' })
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' })
  return { privateKey, publicKey: x }
}

export function keyObjectOf(publicKey: string): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' })
}

/** The old key's word that the new one takes its place at this hub. */
export function signKeyLink(
  { hubId, replacedBy, at }: { hubId: string; replacedBy: string; at: string },
  old: { privateKey: KeyObject; publicKey: string },
): KeyLink {
  const link = { publicKey: old.publicKey, replacedBy, at }
  return { ...link, signature: sign(null, signedText(hubId, link), old.privateKey).toString('base64url') }
}

/**
 * Whether a key that is trusted leads to the one that the hub has now: itself, or by links of which each is signed with the
 * key before. A hub with another id is another hub, whatever it says of its keys.
 */
export function leadsTo(trusted: { hubId: string; publicKey: string }, published: PublishedKeys): boolean {
  if (trusted.hubId !== published.hubId) return false
  let at = trusted.publicKey
  for (const link of published.earlier ?? []) {
    if (link.publicKey !== at) continue
    if (!isSignedLink(trusted.hubId, link)) return false
    at = link.replacedBy
  }
  return at === published.publicKey
}

function isSignedLink(hubId: string, link: KeyLink): boolean {
  return verify(null, signedText(hubId, link), keyObjectOf(link.publicKey), Buffer.from(link.signature, 'base64url'))
}

/** One value a line, as in receipt.ts. */
function signedText(hubId: string, { publicKey, replacedBy, at }: Omit<KeyLink, 'signature'>): Buffer {
  return Buffer.from(['lontar-receipt-key-v1', hubId, publicKey, replacedBy, at].map((value) => `${value}\n`).join(''))
}
