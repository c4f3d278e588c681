import { hkdfSync, type KeyObject, randomBytes } from 'node:crypto'
import { type KeyLink, keyPairOf } from '../../protocol/receipt-key'
import type { Log } from '../../runtime/log'
import { PlainError } from '../../runtime/plain-error'
import type { Secret } from '../../runtime/settings'
import type { KeysDocument } from '../../schemas/generated/types'
import { type Database, endOf } from '../nodes/database'
import { masterKeyOf, type Sealer, sealedByOf, UnsealError } from '../nodes/seal'
import { ShortCache } from '../nodes/short-cache'
import { checkKeys, KEYS_ID, newKeys, readKeys, receiptSeedIn } from './keys-document'
import { resealed } from './reseal'

export interface SecretKeys {
  readonly secretKey: Secret
  /** The one before, while it is being replaced. */
  readonly previousSecretKey?: Secret | undefined
  /** It is lost: what it has sealed is given up. */
  readonly isPreviousKeyLost?: true | undefined
}

export interface HubKeys {
  /** What verifying needs: another key for receipts at every gateway within seconds of a `lontar hub rekey`. */
  forVerifying(): Promise<{
    receipt: KeyObject
    publicKey: string
    earlier: readonly KeyLink[]
    pass: readonly [Buffer, ...Buffer[]]
  }>
}

/**
 * Makes sure that HUB_SECRET_KEY is the one of this database, which is known by a sealed check value, before anything is
 * served: a wrong one would be noticed at the first import, or seal new secrets that no other gateway can open. Throws a
 * PlainError that says so.
 */
export async function openHubKeys(
  keys: SecretKeys,
  { nodeSecurity, sealer, log }: { nodeSecurity: Database; sealer: Sealer; log: Pick<Log, 'info' | 'warn'> },
): Promise<HubKeys> {
  const known = await rightKeys(keys, { nodeSecurity, sealer, log })
  const cached = new ShortCache(() => readKeys(nodeSecurity))
  const earlierPass = keys.previousSecretKey ? [passKeyOf(keys.previousSecretKey)] : []
  const pass = [passKeyOf(keys.secretKey), ...earlierPass] as const
  return {
    async forVerifying() {
      const now = (await cached.get(KEYS_ID)) ?? known
      const { privateKey, publicKey } = keyPairOf(receiptSeedIn(now, sealer))
      return { receipt: privateKey, publicKey, earlier: now.receiptKeyLinks, pass }
    },
  }
}

/** Those of the database, where one of the keys opens them; throws a PlainError where none does. */
async function rightKeys(
  keys: SecretKeys,
  parts: { nodeSecurity: Database; sealer: Sealer; log: Pick<Log, 'info' | 'warn'> },
): Promise<KeysDocument> {
  const { nodeSecurity, sealer, log } = parts
  const known = await knownKeys(keys, nodeSecurity, sealer)
  try {
    const sealedUnder = checkKeys(known, sealer)
    if (sealedUnder === 'previous') {
      log.warn(
        'HUB_SECRET_KEY is a new one: once every gateway has it, and the old one as HUB_SECRET_KEY_PREVIOUS, run `lontar hub rekey`',
      )
    } else if (keys.previousSecretKey || keys.isPreviousKeyLost) {
      log.info('HUB_SECRET_KEY_PREVIOUS is set: `lontar hub rekey` says whether it can be dropped')
    }
    return known
  } catch (error) {
    if (!(error instanceof UnsealError)) throw error
    if (!keys.isPreviousKeyLost) throw wrongKey(sealedByOf(known.checkSealed), sealer, error)
    log.warn(
      'the key before is lost: run `lontar hub rekey` to see whose secrets are, and `lontar hub rotate --now` for each such node; edges need `lontar edge verify --new-key`',
    )
    await nodeSecurity.put({
      ...newKeys(sealer, randomBytes(32)),
      ...(known._rev !== undefined && { _rev: known._rev }),
    })
    return rightKeys(keys, parts)
  }
}

/** Those of the database, or made now: whichever of several gateways came first has made them. */
async function knownKeys(keys: SecretKeys, nodeSecurity: Database, sealer: Sealer): Promise<KeysDocument> {
  const found = await readKeys(nodeSecurity)
  if (found) return found
  await nodeSecurity.put(newKeys(sealer, await firstSeed(keys, nodeSecurity, sealer)))
  return knownKeys(keys, nodeSecurity, sealer)
}

/**
 * A database from before there was a check value: what is sealed there has to open. Its receipts were signed with a key that
 * was derived from HUB_SECRET_KEY, and edges trust that one.
 */
async function firstSeed(keys: SecretKeys, nodeSecurity: Database, sealer: Sealer): Promise<Buffer> {
  const nodes = (await nodeSecurity.range('node-', endOf('node-'))) as { _id: string }[]
  if (nodes.length === 0) return randomBytes(32)
  const foreign = nodes.find((document) => resealed(document, sealer).unreadable > 0)
  if (foreign && keys.isPreviousKeyLost) return randomBytes(32)
  if (foreign) throw wrongKey(undefined, sealer)
  return derived(keys.previousSecretKey ?? keys.secretKey, 'lontar receipt v1')
}

function wrongKey(expected: string | undefined, { keyId }: Sealer, cause?: unknown): PlainError {
  const which = expected === undefined ? '' : ` That one is known by ${expected}, this one by ${keyId}.`
  return new PlainError(
    `HUB_SECRET_KEY is not the one that the secrets in this database are sealed with.${which} Set the right one. While it is being replaced, set the one before as HUB_SECRET_KEY_PREVIOUS (docs/operations.md, "Secrets").`,
    { cause },
  )
}

function passKeyOf(secretKey: Secret): Buffer {
  return derived(secretKey, 'lontar verify pass v1')
}

function derived(secretKey: Secret, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', masterKeyOf(secretKey), '', use, 32))
}
