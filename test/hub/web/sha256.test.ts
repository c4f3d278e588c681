import { createHash } from 'node:crypto'
import { sha256 } from '../../../hub/web/audit/sha256'

const TEXTS = [
  '',
  'abc',
  'pasien é – 病',
  ...[54, 55, 56, 57, 63, 64, 65, 119, 120, 1_000, 10_000].map((n) => 'x'.repeat(n)),
]

test.each(TEXTS.map((text) => [text.length, text] as const))('hashes %i characters as Node does', (_length, text) => {
  expect(sha256(text)).toBe(createHash('sha256').update(text, 'utf8').digest('hex'))
})

test('hashes a thousand texts of chance as Node does', () => {
  let seed = 42
  const next = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
    return seed
  }
  for (let count = 0; count < 1_000; count++) {
    const text = Array.from({ length: next() % 300 }, () => String.fromCodePoint(32 + (next() % 0xd000))).join('')
    expect([text, sha256(text)]).toEqual([text, createHash('sha256').update(text, 'utf8').digest('hex')])
  }
})
