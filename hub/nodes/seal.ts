import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import type { Secret } from '../../runtime/settings'

/** What a sealed secret is for. Bound into the seal, so that one can't be passed off as the other in the database. */
export const SECRET_KINDS = ['sync-password', 'node-password', 'receipt-key', 'check', 'totp', 'webhook'] as const

export type SecretKind = (typeof SECRET_KINDS)[number]

/** Whose it is: the `_id` of the document that holds it. `lontar hub rekey` finds it again by that. */
export interface SecretOwner {
  nodeName: string
  kind: SecretKind
}

/** Secrets as the database holds them (law 8). */
export interface Sealer {
  /** What the key that seals is known by. */
  readonly keyId: string
  seal(plain: string, owner: SecretOwner): string
  /** Throws UnsealError for what a key that is not known here sealed, for another node or kind, or what was changed. */
  open(sealed: string, owner: SecretOwner): string
}

export class UnsealError extends Error {
  constructor(reason: string, options?: { cause?: unknown }) {
    super(`A sealed secret can not be opened: ${reason}`, options)
    this.name = 'UnsealError'
  }
}

const VERSION = 'v1'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/**
 * AES-256-GCM. The text is `v1.<key id>.<nonce, ciphertext and tag in base64url>`; the key id tells which HUB_SECRET_KEY
 * sealed it, so that a key can be replaced while old seals are still read.
 *
 * @param previous  opens, and never seals
 */
export function sealerOf(secretKey: Secret, previous?: Secret): Sealer {
  const current = sealingKeyOf(secretKey)
  const known = previous ? [current, sealingKeyOf(previous)] : [current]
  const keys = new Map(known.map(({ id, key }) => [id, key]))

  return {
    keyId: current.id,
    seal(plain, owner) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', current.key, nonce, { authTagLength: TAG_BYTES })
      cipher.setAAD(additionalData(current.id, owner))
      const bytes = Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return `${VERSION}.${current.id}.${bytes.toString('base64url')}`
    },
    open(sealed, owner) {
      const [version, sealedBy = '', text = '', ...more] = sealed.split('.')
      if (version !== VERSION || more.length > 0) throw new UnsealError('its form is not known')
      const key = keys.get(sealedBy)
      if (!key) throw new UnsealError('another HUB_SECRET_KEY sealed it')
      const bytes = Buffer.from(text, 'base64url')
      if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new UnsealError('it is too short')
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      })
      decipher.setAAD(additionalData(sealedBy, owner))
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
      try {
        const plain = [decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]
        return Buffer.concat(plain).toString('utf8')
      } catch (error) {
        throw new UnsealError('it was changed, or belongs to another node or use', { cause: error })
      }
    },
  }
}

/** What the key that sealed a text is known by; undefined where the text is no seal. */
export function sealedByOf(text: string): string | undefined {
  return /^v1\.([0-9a-f]{8})\.[A-Za-z0-9_-]+$/.exec(text)?.[1]
}

function sealingKeyOf(secretKey: Secret): { id: string; key: Buffer } {
  const master = masterKeyOf(secretKey)
  const id = createHash('sha256')
    .update(derived(master, 'lontar key id v1', 32))
    .digest('hex')
    .slice(0, 8)
  return { id, key: derived(master, 'lontar seal v1', 32) }
}

/** Throws a RangeError where the secret is no key. */
export function masterKeyOf(secretKey: Secret): Buffer {
  const master = keyBytesOf(secretKey.reveal())
  if (master === undefined) throw new RangeError('a secret key is 32 bytes in base64url or hex')
  return master
}

/** The 32 bytes of a HUB_SECRET_KEY; undefined where the text is not a key. */
export function keyBytesOf(text: string): Buffer | undefined {
  if (/^[0-9a-fA-F]{64}$/.test(text)) return Buffer.from(text, 'hex')
  return /^[A-Za-z0-9_-]{43}=?$/.test(text) ? Buffer.from(text, 'base64url') : undefined
}

function derived(master: Buffer, use: string, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', master, '', use, bytes))
}

function additionalData(keyId: string, { nodeName, kind }: SecretOwner): Buffer {
  return Buffer.from(`${VERSION}.${keyId}.${kind}.${nodeName}`)
}
