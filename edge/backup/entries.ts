import { damaged } from './backup-header'

/** Where an entry belongs: a file, the records, what the edge remembers beside them; `end` counts them all. */
export const KINDS = ['file', 'ehr', 'state', 'end'] as const
export type EntryKind = (typeof KINDS)[number]

export interface Entry {
  readonly kind: EntryKind
  readonly key: Buffer
  readonly value: Buffer
}

export type EntryCounts = Record<Exclude<EntryKind, 'end'>, number>

export const NO_ENTRIES: Readonly<EntryCounts> = { file: 0, ehr: 0, state: 0 }

const HEAD_BYTES = 9
const MOST_KEY_BYTES = 64 * 1024
/** Far above the largest attachment. */
const MOST_VALUE_BYTES = 512 * 1024 * 1024
/** Entries are put together to about so much, for a stream passes few large pieces faster than many small ones. */
const PIECE_BYTES = 64 * 1024

/** Kind, two lengths, key, value; one after the other, and the counts at the end. */
export async function* encoded(entries: AsyncIterable<Entry> | Iterable<Entry>): AsyncGenerator<Buffer> {
  const counts = { ...NO_ENTRIES }
  let piece: Buffer[] = []
  let bytes = 0
  for await (const { kind, key, value } of entries) {
    if (kind === 'end') continue
    counts[kind] += 1
    piece.push(headOf(kind, key, value), key, value)
    bytes += HEAD_BYTES + key.length + value.length
    if (bytes < PIECE_BYTES) continue
    yield Buffer.concat(piece)
    piece = []
    bytes = 0
  }
  const value = Buffer.from(JSON.stringify(counts))
  piece.push(headOf('end', Buffer.alloc(0), value), value)
  yield Buffer.concat(piece)
}

/** Throws BACKUP_DAMAGED, where the end is missing or counts others, too. */
export async function* decoded(bytes: AsyncIterable<Buffer>): AsyncGenerator<Entry> {
  const counts = { ...NO_ENTRIES }
  let pieces: Buffer[] = []
  let heldBytes = 0
  let neededBytes = HEAD_BYTES
  let isEnded = false
  for await (const piece of bytes) {
    pieces.push(piece)
    heldBytes += piece.length
    // A large value is put together once, and not at each piece of it.
    if (heldBytes < neededBytes) continue
    let held = Buffer.concat(pieces)
    for (; held.length >= HEAD_BYTES && held.length >= lengthOf(held); held = held.subarray(lengthOf(held))) {
      const entry = firstOf(held)
      if (isEnded) throw damaged()
      if (entry.kind === 'end') {
        isEnded = true
        if (entry.value.toString() !== JSON.stringify(counts)) throw damaged()
      } else counts[entry.kind] += 1
      yield entry
    }
    neededBytes = held.length < HEAD_BYTES ? HEAD_BYTES : lengthOf(held)
    pieces = [held]
    heldBytes = held.length
  }
  if (!isEnded || heldBytes > 0) throw damaged()
}

function lengthOf(bytes: Buffer): number {
  const [keyBytes, valueBytes] = [bytes.readUInt32BE(1), bytes.readUInt32BE(5)]
  if (keyBytes > MOST_KEY_BYTES || valueBytes > MOST_VALUE_BYTES) throw damaged()
  return HEAD_BYTES + keyBytes + valueBytes
}

function firstOf(bytes: Buffer): Entry {
  const kind = KINDS[bytes.readUInt8(0)]
  if (kind === undefined) throw damaged()
  const valueAt = HEAD_BYTES + bytes.readUInt32BE(1)
  return { kind, key: bytes.subarray(HEAD_BYTES, valueAt), value: bytes.subarray(valueAt, lengthOf(bytes)) }
}

function headOf(kind: EntryKind, key: Buffer, value: Buffer): Buffer {
  const head = Buffer.alloc(HEAD_BYTES)
  head.writeUInt8(KINDS.indexOf(kind))
  head.writeUInt32BE(key.length, 1)
  head.writeUInt32BE(value.length, 5)
  return head
}
