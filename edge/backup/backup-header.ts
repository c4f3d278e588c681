import { createHash, hkdfSync, randomBytes, scrypt } from 'node:crypto'
import { CodedError } from '../../protocol/error-codes'
import { isSameSecret } from '../../runtime/same-secret'
import { checked } from '../../schemas/check'
import type { BackupHeader } from '../../schemas/generated/types'
import { isBackupHeader } from '../../schemas/generated/validators'

const MAGIC = Buffer.from('LONTARBACKUP1\n', 'ascii')
const SUM_BYTES = 32
const MOST_JSON_BYTES = 4096
/** No header is longer. */
export const MOST_HEADER_BYTES = MAGIC.length + 4 + MOST_JSON_BYTES + SUM_BYTES

/** What one guess at a passphrase costs: 64 MB and about half a second (OWASP's second choice of parameters). */
const COST: BackupHeader['cost'] = { N: 65_536, r: 8, p: 2 }
const MEMORY_BYTES = 256 * 1024 * 1024
const KEY_BYTES = 32

/** A header as it stands at the beginning of a file; all that follows is bound to its sum. */
export interface ReadHeader {
  readonly header: BackupHeader
  readonly sum: Buffer
  readonly length: number
}

/** @param facility whose it is, legible without the passphrase, so that people find the right file on a stick */
export async function makeHeader(
  facility: BackupHeader['facility'],
  createdAt: string,
  passphrase: string,
): Promise<{ bytes: Buffer; sum: Buffer; key: Buffer }> {
  const salt = randomBytes(16)
  const { key, check } = await keysOf(passphrase, salt, COST)
  const header: BackupHeader = {
    ...{ version: 1, facility, createdAt },
    ...{ salt: salt.toString('base64url'), cost: COST, check },
  }
  const json = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(json.length)
  const body = Buffer.concat([MAGIC, length, json])
  const sum = sumOf(body)
  return { bytes: Buffer.concat([body, sum]), sum, key }
}

/** @param begin MOST_HEADER_BYTES of the file, or all of a shorter one. Throws BACKUP_UNREADABLE. */
export function readHeader(begin: Buffer): ReadHeader {
  if (!begin.subarray(0, MAGIC.length).equals(MAGIC))
    throw new CodedError('BACKUP_UNREADABLE', 'This file is no backup of Lontar, or one of a newer version.')
  const jsonAt = MAGIC.length + 4
  const jsonBytes = begin.length < jsonAt ? 0 : begin.readUInt32BE(MAGIC.length)
  const sumAt = jsonAt + jsonBytes
  const sum = begin.subarray(sumAt, sumAt + SUM_BYTES)
  if (jsonBytes > MOST_JSON_BYTES || !sumOf(begin.subarray(0, sumAt)).equals(sum)) throw damaged()
  return { header: headerIn(begin.toString('utf8', jsonAt, sumAt)), sum, length: sumAt + SUM_BYTES }
}

/** Anybody can make a file whose sum is right. */
function headerIn(json: string): BackupHeader {
  try {
    return checked(isBackupHeader, JSON.parse(json), 'the backup')
  } catch {
    throw damaged()
  }
}

/** Throws PASSPHRASE_WRONG. */
export async function keyFor({ salt, cost, check }: BackupHeader, passphrase: string): Promise<Buffer> {
  const keys = await keysOf(passphrase, Buffer.from(salt, 'base64url'), cost)
  if (isSameSecret(keys.check, check)) return keys.key
  throw new CodedError('PASSPHRASE_WRONG', 'This is not the passphrase that the backup was made with.')
}

export function damaged(): CodedError {
  return new CodedError('BACKUP_DAMAGED', 'The backup is damaged, or not all of it is there. Take another one.')
}

/** The key, and what shows a wrong passphrase at once and says nothing of the key. */
async function keysOf(passphrase: string, salt: Buffer, cost: BackupHeader['cost']) {
  const secret = await new Promise<Buffer>((resolve, reject) => {
    // The same words, however a keyboard has put its accents together.
    scrypt(passphrase.normalize('NFKC'), salt, KEY_BYTES, { ...cost, maxmem: MEMORY_BYTES }, (error, derived) =>
      error ? reject(error) : resolve(derived),
    )
  })
  const derived = (use: string) => Buffer.from(hkdfSync('sha256', secret, salt, use, KEY_BYTES))
  return { key: derived('lontar backup records'), check: derived('lontar backup passphrase').toString('base64url') }
}

function sumOf(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest()
}
