import { type KeyObject, sign, verify } from 'node:crypto'
import { keyObjectOf } from './receipt-key'

/** What the hub puts its name to: at `at` it held `count` documents of the facility, and their digest was this. */
export interface ReceiptContent {
  externalId: string
  hubId: string
  /** The edge's, made for this pass: an older receipt can't be passed off as the answer to a new question. */
  nonce: string
  count: number
  /** What `addedTo` of verify-digest.ts comes to over the ranges of the pass. */
  digest: string
  /** The sequence of the edge's store up to which it compared. */
  upTo: number
  startedAt: string
  at: string
}

export function signReceipt<T extends ReceiptContent>(content: T, key: KeyObject): T & { signature: string } {
  return { ...content, signature: sign(null, signedText(content), key).toString('base64url') }
}

/** Whether the holder of this key signed it. @param publicKey  Ed25519 (RFC 8032), 32 bytes in base64url */
export function isSigned(receipt: ReceiptContent & { signature: string }, publicKey: string): boolean {
  return verify(null, signedText(receipt), keyObjectOf(publicKey), Buffer.from(receipt.signature, 'base64url'))
}

/** One value a line, so that `openssl pkeyutl -verify` can be given the same bytes. */
function signedText(content: ReceiptContent): Buffer {
  const { externalId, hubId, nonce, count, digest, upTo, startedAt, at } = content
  return Buffer.from(
    ['lontar-receipt-v1', externalId, hubId, nonce, count, digest, upTo, startedAt, at]
      .map((value) => `${value}\n`)
      .join(''),
  )
}
