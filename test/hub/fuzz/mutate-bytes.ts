import type { Random } from './random'

/** Some bytes changed, put in, left out, doubled, or the end cut off. */
export function mutateBytes(bytes: Buffer, random: Random): Buffer {
  const place = random.below(bytes.length + 1)
  const length = random.below(Math.min(64, bytes.length - place + 1))
  const before = bytes.subarray(0, place)
  const after = bytes.subarray(place + length)
  switch (random.weighted({ flip: 3, other: 2, insert: 2, leaveOut: 2, double: 1, cut: 1 })) {
    case 'flip': {
      const changed = Buffer.from(bytes)
      if (changed.length > 0) {
        const at = random.below(changed.length)
        changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8))
      }
      return changed
    }
    case 'other':
      return Buffer.concat([before, random.bytes(length), after])
    case 'insert':
      return Buffer.concat([before, random.bytes(1 + random.below(8)), bytes.subarray(place)])
    case 'leaveOut':
      return Buffer.concat([before, after])
    case 'double':
      return Buffer.concat([before, bytes.subarray(place, place + length), bytes.subarray(place)])
    case 'cut':
      return before
  }
}
