import { CodedError } from '../../protocol/error-codes'

/** So many records are in this process' memory at once: those that are read, and those that somebody still takes. */
export const MOST_IMPORTS_AT_ONCE = 32
/** A facility that takes its answers slowly leaves room for the others. */
export const MOST_IMPORTS_OF_ONE_NODE = 8
/** A record with what is linked to it and what it refers to. A person's is some hundred kilobytes, seldom a few megabytes. */
export const MOST_RECORD_BYTES = 32 * 1024 * 1024
/** Of one facility: as much as the largest record, so that two of those, taken slowly, do not shut the others out. */
export const MOST_BYTES_OF_ONE_NODE = MOST_RECORD_BYTES
/** Of all records that are in memory; a record is there about three times while it is answered. */
export const MOST_BYTES_AT_ONCE = 64 * 1024 * 1024

/** What one import holds. Both may be called at any time. */
export interface ImportPlace {
  /** Throws RECORD_TOO_LARGE or OVERLOADED where it is too much. */
  take(bytes: number): void
  leave(): void
}

/** Bounds what imports hold of the memory, before they hold it. */
export class ImportRoom {
  #bytes = 0
  readonly #ofNode = new Map<string, { places: number; bytes: number }>()
  #places = 0

  /** Throws OVERLOADED where there is no room. */
  enter(nodeName: string): ImportPlace {
    const own = this.#ofNode.get(nodeName) ?? { places: 0, bytes: 0 }
    if (own.places >= MOST_IMPORTS_OF_ONE_NODE) throw overloaded('Too many imports of this facility are under way.')
    if (this.#places >= MOST_IMPORTS_AT_ONCE) throw overloaded('Too many imports are under way.')
    this.#places += 1
    own.places += 1
    this.#ofNode.set(nodeName, own)
    let held = 0
    let isLeft = false
    return {
      take: (bytes) => {
        if (isLeft) return
        if (held + bytes > MOST_RECORD_BYTES) {
          throw new CodedError('RECORD_TOO_LARGE', 'The record is larger than one answer can be; try _linked=false.')
        }
        if (own.bytes + bytes > MOST_BYTES_OF_ONE_NODE) {
          throw overloaded('Too many large imports of this facility are under way.')
        }
        if (this.#bytes + bytes > MOST_BYTES_AT_ONCE) throw overloaded('Too many large imports are under way.')
        held += bytes
        own.bytes += bytes
        this.#bytes += bytes
      },
      leave: () => {
        if (isLeft) return
        isLeft = true
        this.#bytes -= held
        this.#places -= 1
        own.bytes -= held
        own.places -= 1
        if (own.places === 0) this.#ofNode.delete(nodeName)
      },
    }
  }
}

function overloaded(reason: string): CodedError {
  return new CodedError('OVERLOADED', reason)
}
