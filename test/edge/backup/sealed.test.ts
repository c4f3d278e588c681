import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { decoded, type Entry, encoded } from '../../../edge/backup/entries'
import { SealStream, UnsealStream } from '../../../edge/backup/sealed-stream'

const KEY = randomBytes(32)
const SUM = randomBytes(32)
const CHUNK = 256 * 1024

async function through(bytes: Buffer, stream: SealStream | UnsealStream): Promise<Buffer> {
  const pieces: Buffer[] = []
  // As a disk gives them: not where they were cut.
  const parts = Array.from({ length: Math.ceil(bytes.length / 10_007) }, (_, at) =>
    bytes.subarray(at * 10_007, (at + 1) * 10_007),
  )
  await pipeline(Readable.from(parts), stream, async (out: AsyncIterable<Buffer>) => {
    for await (const piece of out) pieces.push(piece)
  })
  return Buffer.concat(pieces)
}
const seal = (bytes: Buffer, sum = SUM) => through(bytes, new SealStream(KEY, sum, Buffer.alloc(0)))
const unseal = (bytes: Buffer, sum = SUM) => through(bytes, new UnsealStream(KEY, sum))

test.each([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 17])(
  '%i bytes come back as they were',
  async (size) => {
    const bytes = randomBytes(size)
    expect((await unseal(await seal(bytes))).equals(bytes)).toBe(true)
  },
)

describe('refuses', () => {
  const bytes = randomBytes(3 * CHUNK + 17)
  const LENGTH = 4 + CHUNK + 16
  test.each<[string, (sealed: Buffer) => Buffer]>([
    ['what lacks its last chunk', (sealed) => sealed.subarray(0, 3 * LENGTH)],
    [
      'what lacks a chunk in between',
      (sealed) => Buffer.concat([sealed.subarray(0, LENGTH), sealed.subarray(2 * LENGTH)]),
    ],
    [
      'two chunks in the other order',
      (sealed) =>
        Buffer.concat([sealed.subarray(LENGTH, 2 * LENGTH), sealed.subarray(0, LENGTH), sealed.subarray(2 * LENGTH)]),
    ],
    ['a first chunk that says it is the last', (sealed) => setBit(sealed.subarray(0, LENGTH), 0, 0x80)],
    ['another tag', (sealed) => setBit(sealed, LENGTH - 1, 1)],
    ['something behind the end', (sealed) => Buffer.concat([sealed, Buffer.from('x')])],
    ['a length without bounds', (sealed) => Buffer.concat([Buffer.from([0x7f, 255, 255, 255]), sealed])],
    ['nothing', () => Buffer.alloc(0)],
  ])('%s', async (_what, change) => {
    await expect(unseal(change(await seal(bytes)))).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' })
  })

  test('a chunk of another file', async () => {
    await expect(unseal(await seal(bytes), randomBytes(32))).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' })
  })
})

describe('entries', () => {
  const entries: Entry[] = [
    { kind: 'file', key: Buffer.from('facility.json'), value: Buffer.from('{}') },
    { kind: 'state', key: Buffer.from('a'), value: Buffer.alloc(0) },
    { kind: 'ehr', key: Buffer.from([0, 255]), value: randomBytes(200_000) },
  ]
  const written = async () => {
    const pieces: Buffer[] = []
    for await (const piece of encoded(entries)) pieces.push(piece)
    return Buffer.concat(pieces)
  }
  async function read(bytes: Buffer, step = 9_973): Promise<Entry[]> {
    const pieces = async function* () {
      for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step)
    }
    const found: Entry[] = []
    for await (const entry of decoded(pieces())) found.push(entry)
    return found
  }

  test('come back as they were, however they are cut', async () => {
    const bytes = await written()
    for (const step of [1_000_000, 9_973, 61]) expect((await read(bytes, step)).slice(0, -1)).toEqual(entries)
  })

  test('are refused where the end is missing, or counts others', async () => {
    const bytes = await written()
    await expect(read(bytes.subarray(0, 20))).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' })
    const fewer = bytes.subarray(9 + 'facility.json'.length + 2)
    await expect(read(fewer)).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' })
  })
})

function setBit(bytes: Buffer, at: number, bit: number): Buffer {
  const changed = Buffer.from(bytes)
  changed[at] = (changed[at] ?? 0) ^ bit
  return changed
}
