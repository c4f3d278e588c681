import { createReadStream } from 'node:fs'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { BackupHeader } from '../../schemas/generated/types'
import { damaged, keyFor, MOST_HEADER_BYTES, readHeader } from './backup-header'
import { decoded, type Entry, type EntryCounts, NO_ENTRIES } from './entries'
import { UnsealStream } from './sealed-stream'

/**
 * A backup as it comes, from a file or over the network. Throws BACKUP_UNREADABLE, PASSPHRASE_WRONG, and while it is read
 * BACKUP_DAMAGED: an entry that comes is as it was written, and all are there only when the last one came.
 */
export async function openBackup(
  source: AsyncIterable<Buffer>,
  passphrase: string,
): Promise<{ header: BackupHeader; entries: AsyncGenerator<Entry> }> {
  const pieces = source[Symbol.asyncIterator]()
  let begin = Buffer.alloc(0)
  while (begin.length < MOST_HEADER_BYTES) {
    const { done, value } = await pieces.next()
    if (done) break
    begin = Buffer.concat([begin, value])
  }
  const { header, sum, length } = readHeader(begin)
  const key = await keyFor(header, passphrase)
  async function* rest() {
    yield begin.subarray(length)
    for (let piece = await pieces.next(); !piece.done; piece = await pieces.next()) yield piece.value
  }
  const plain = createGunzip()
  pipeline(Readable.from(rest(), { objectMode: false }), new UnsealStream(key, sum), plain, () => undefined)
  return { header, entries: entriesIn(plain) }
}

async function* entriesIn(plain: AsyncIterable<Buffer>): AsyncGenerator<Entry> {
  try {
    yield* decoded(plain)
  } catch (error) {
    // Such as Z_DATA_ERROR.
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) throw damaged()
    throw error
  }
}

/** Reads all of a file, and what it holds. Throws as `openBackup`. */
export async function checkBackup(
  file: string,
  passphrase: string,
  { signal, onBytes = () => undefined }: { signal?: AbortSignal; onBytes?: (bytes: number) => void } = {},
): Promise<EntryCounts> {
  const counts = { ...NO_ENTRIES }
  const { entries } = await openBackup(
    counted(createReadStream(file, { ...(signal && { signal }) }), onBytes),
    passphrase,
  )
  for await (const { kind } of entries) if (kind !== 'end') counts[kind] += 1
  return counts
}

export async function* counted(
  pieces: AsyncIterable<Buffer>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  for await (const piece of pieces) {
    onBytes(piece.length)
    yield piece
  }
}
