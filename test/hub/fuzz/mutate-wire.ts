import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { Draft, Header } from './draft'
import { mutateBytes } from './mutate-bytes'
import type { Random } from './random'

/** How long the body is said to be: in chunks, wrongly, twice, or not at all. */
export function mutatedFraming(now: Draft, random: Random): Draft {
  const body = now.body ?? Buffer.alloc(0)
  const chunked = (text: Buffer): Buffer =>
    Buffer.concat([Buffer.from(`${text.length.toString(16)}\r\n`), text, Buffer.from('\r\n0\r\n\r\n')])
  const alone = (framing: Header[], sent = body): Draft => ({ ...now, framing, body: sent, isAlone: true })
  return random.pick<() => Draft>([
    () => ({
      ...now,
      framing: [['transfer-encoding', 'chunked']],
      body: body.length === 0 ? Buffer.from('0\r\n\r\n') : chunked(body),
    }),
    () => alone([['content-length', String(body.length + 1 + random.below(1_000))]]),
    () => alone([['content-length', String(random.below(body.length + 1))]]),
    () =>
      alone([
        ['content-length', random.pick(['-1', 'x', '', '1e3', '0x10', '99999999999999999999', '1, 1', '4294967296'])],
      ]),
    () =>
      alone([
        ['content-length', '3'],
        ['content-length', '4'],
      ]),
    () =>
      alone(
        [
          ['content-length', String(body.length)],
          ['transfer-encoding', 'chunked'],
        ],
        chunked(body),
      ),
    () =>
      alone(
        [['transfer-encoding', random.pick(['gzip', 'chunked, gzip', 'xchunked', 'chunked, chunked'])]],
        chunked(body),
      ),
    () => alone([['transfer-encoding', 'chunked']], mutateBytes(chunked(body), random)),
    () => alone([['transfer-encoding', 'chunked']], Buffer.from('ffffffffffffffff\r\n')),
    () => alone([]),
  ])()
}

/** A body in an encoding of its own, cut off, labelled wrongly, twice over. What unpacks to very much is tested elsewhere. */
export function packed(now: Draft, how: 'none' | 'gzip' | 'br' | 'mutated', random: Random): Draft {
  const { body } = now
  if (body === undefined || how === 'none') return now
  const pack = { gzip: gzipSync, br: (text: Buffer) => brotliCompressSync(text) } as const
  const encoding = how === 'mutated' ? random.pick(['gzip', 'br'] as const) : how
  const whole = pack[encoding](body)
  const labelled = (sent: Buffer, label: string = encoding): Draft => ({
    ...now,
    headers: [...now.headers, ['content-encoding', label]],
    body: sent,
  })
  if (how !== 'mutated') return labelled(whole)
  return random.pick<() => Draft>([
    () => labelled(whole.subarray(0, random.below(whole.length + 1))),
    () => labelled(mutateBytes(whole, random)),
    () => labelled(whole, random.pick(['gzip', 'br', 'deflate', 'identity', 'x-gzip', 'GZIP', 'zstd', 'gzip, br', ''])),
    () => labelled(body),
    () => labelled(pack.gzip(pack.gzip(body)), 'gzip'),
    () => labelled(Buffer.concat([whole, whole])),
    () => labelled(Buffer.concat([whole, random.bytes(9)])),
    () => labelled(Buffer.alloc(0)),
  ])()
}

/** Of the request line or a header, whatever that makes of it. */
export function spoiltHead(bytes: Buffer, random: Random): Buffer {
  const end = bytes.indexOf('\r\n\r\n')
  return Buffer.concat([mutateBytes(bytes.subarray(0, end), random), bytes.subarray(end)])
}
