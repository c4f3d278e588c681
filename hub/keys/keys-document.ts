import { randomBytes } from 'node:crypto'
import { type KeyLink, keyPairOf, signKeyLink } from '../../protocol/receipt-key'
import type { KeysDocument } from '../../schemas/generated/types'
import { isKeysDocument } from '../../schemas/generated/validators'
import { type Database, stored } from '../nodes/database'
import { type Sealer, sealedByOf } from '../nodes/seal'

export const KEYS_ID = 'keys'
const CHECK = { nodeName: KEYS_ID, kind: 'check' } as const
const RECEIPT = { nodeName: KEYS_ID, kind: 'receipt-key' } as const
/** As the schema has it: a change of keys every month for sixteen years. */
const MOST_LINKS = 200

export function newKeys(sealer: Sealer, receiptSeed: Buffer): KeysDocument {
  return {
    _id: KEYS_ID,
    kind: 'keys',
    checkSealed: sealer.seal('lontar', CHECK),
    receiptKeySealed: sealer.seal(receiptSeed.toString('base64url'), RECEIPT),
    receiptKeyLinks: [],
  }
}

export async function readKeys(nodeSecurity: Pick<Database, 'get'>): Promise<KeysDocument | undefined> {
  const found = await nodeSecurity.get(KEYS_ID)
  return found === undefined ? undefined : stored(isKeysDocument, found, 'keys')
}

/** Throws UnsealError where none of the keys that the sealer has is the one of this database. */
export function checkKeys(keys: KeysDocument, sealer: Sealer): 'current' | 'previous' {
  sealer.open(keys.checkSealed, CHECK)
  return sealedByOf(keys.checkSealed) === sealer.keyId ? 'current' : 'previous'
}

export function receiptSeedIn(keys: KeysDocument, sealer: Sealer): Buffer {
  return Buffer.from(sealer.open(keys.receiptKeySealed, RECEIPT), 'base64url')
}

/**
 * Under the key that seals now, with a new key for receipts: whoever had the old HUB_SECRET_KEY had the one for receipts too.
 * The old one signs that the new one takes its place, so that edges follow by themselves.
 */
export function replacedKeys(keys: KeysDocument, sealer: Sealer, hubId: string, now: Date): KeysDocument {
  const seed = randomBytes(32)
  const replacedBy = keyPairOf(seed).publicKey
  const link: KeyLink = signKeyLink(
    { hubId, replacedBy, at: now.toISOString() },
    keyPairOf(receiptSeedIn(keys, sealer)),
  )
  return {
    ...newKeys(sealer, seed),
    ...(keys._rev !== undefined && { _rev: keys._rev }),
    receiptKeyLinks: [...keys.receiptKeyLinks, link].slice(-MOST_LINKS),
  }
}
