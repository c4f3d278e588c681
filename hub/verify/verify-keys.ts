import type { KeyObject } from 'node:crypto'
import type { KeyLink } from '../../protocol/receipt-key'

export interface VerifyKeys {
  /** Ed25519: signs receipts. */
  readonly receipt: KeyObject
  /** Its public half, 32 bytes in base64url. */
  readonly publicKey: string
  /** Those before it, oldest first. */
  readonly earlier: readonly KeyLink[]
  /** For what the hub gives out to get it back unchanged: marked with the first, taken with any of them. */
  readonly pass: readonly [Buffer, ...Buffer[]]
}
