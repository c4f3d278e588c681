import { createCipheriv, createDecipheriv } from 'node:crypto'
import { Transform, type TransformCallback } from 'node:stream'
import { damaged } from './backup-header'

const CHUNK_BYTES = 256 * 1024
const TAG_BYTES = 16
const LENGTH_BYTES = 4
/** Of a chunk's length: it is the last one. */
const LAST = 0x8000_0000

/**
 * Encrypts in chunks, each with a tag of its own (AES-256-GCM), so that nothing is given out that was not authenticated, and
 * files of any size pass through little memory. The nonce counts the chunks and names the last one, as in STREAM
 * (https://eprint.iacr.org/2015/189): none can be moved, left out or cut off. A key is of one file alone, so no nonce comes twice.
 *
 *     length, and whether it is the last (4 bytes) | encrypted | tag (16 bytes) | length …
 */
export class SealStream extends Transform {
  #index = 0
  #held: Buffer[] = []
  #heldBytes = 0

  constructor(
    private readonly key: Buffer,
    /** What all chunks belong to. */
    private readonly sum: Buffer,
    /** Comes first, as it is. */
    begin: Buffer,
  ) {
    super()
    this.push(begin)
  }

  override _transform(bytes: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#held.push(bytes)
    this.#heldBytes += bytes.length
    if (this.#heldBytes > CHUNK_BYTES) {
      let left = Buffer.concat(this.#held)
      // One is kept back: it may be the last.
      for (; left.length > CHUNK_BYTES; left = left.subarray(CHUNK_BYTES))
        this.#seal(left.subarray(0, CHUNK_BYTES), false)
      this.#held = [left]
      this.#heldBytes = left.length
    }
    done()
  }

  override _flush(done: TransformCallback): void {
    this.#seal(Buffer.concat(this.#held), true)
    done()
  }

  #seal(plain: Buffer, isLast: boolean): void {
    const cipher = createCipheriv('aes-256-gcm', this.key, nonceOf(this.#index++, isLast)).setAAD(this.sum)
    const sealed = Buffer.concat([cipher.update(plain), cipher.final()])
    const length = Buffer.alloc(LENGTH_BYTES)
    length.writeUInt32BE(sealed.length + (isLast ? LAST : 0))
    this.push(Buffer.concat([length, sealed, cipher.getAuthTag()]))
  }
}

/** The way back. Fails with BACKUP_DAMAGED before it gives out anything that is not as it was written. */
export class UnsealStream extends Transform {
  #index = 0
  #held: Buffer = Buffer.alloc(0)
  #isEnded = false

  constructor(
    private readonly key: Buffer,
    private readonly sum: Buffer,
  ) {
    super()
  }

  override _transform(bytes: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes])
    try {
      while (this.#open());
      done()
    } catch {
      done(damaged())
    }
  }

  override _flush(done: TransformCallback): void {
    done(this.#isEnded && this.#held.length === 0 ? null : damaged())
  }

  /** False where more has to come first. */
  #open(): boolean {
    if (this.#held.length < LENGTH_BYTES) return false
    const word = this.#held.readUInt32BE(0)
    const isLast = word >= LAST
    const length = isLast ? word - LAST : word
    if (this.#isEnded || length > CHUNK_BYTES) throw damaged()
    const end = LENGTH_BYTES + length + TAG_BYTES
    if (this.#held.length < end) return false
    const decipher = createDecipheriv('aes-256-gcm', this.key, nonceOf(this.#index++, isLast)).setAAD(this.sum)
    decipher.setAuthTag(this.#held.subarray(end - TAG_BYTES, end))
    const sealed = this.#held.subarray(LENGTH_BYTES, end - TAG_BYTES)
    this.push(Buffer.concat([decipher.update(sealed), decipher.final()]))
    this.#held = this.#held.subarray(end)
    this.#isEnded = isLast
    return true
  }
}

function nonceOf(index: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeUIntBE(index, 5, 6)
  nonce.writeUInt8(isLast ? 1 : 0, 11)
  return nonce
}
