import { SECRET_KINDS, type Sealer, sealedByOf } from '../nodes/seal'

export interface Resealed {
  document: unknown
  /** How many secrets were under another key. */
  resealed: number
  /** How many neither key opens. */
  unreadable: number
}

/**
 * A document with everything that is sealed in it under the key that seals now. What a secret is for is not asked of the
 * document's kind: whatever has the form of a seal, however deep, is opened as one of the kinds that there are, and only the
 * right one opens. So a document that is thought of tomorrow is resealed too.
 */
export function resealed(document: { _id: string }, sealer: Sealer): Resealed {
  const count = { resealed: 0, unreadable: 0 }
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string') {
      const sealedBy = sealedByOf(value)
      return sealedBy === undefined || sealedBy === sealer.keyId ? value : again(value)
    }
    if (Array.isArray(value)) return value.map(walk)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, walk(part)]))
  }
  const again = (sealed: string): string => {
    for (const kind of SECRET_KINDS) {
      const owner = { nodeName: document._id, kind }
      try {
        const plain = sealer.open(sealed, owner)
        count.resealed++
        return sealer.seal(plain, owner)
      } catch {
        // It is of another kind, or of a key that nobody gave us.
      }
    }
    count.unreadable++
    return sealed
  }
  return { document: walk(document), ...count }
}
