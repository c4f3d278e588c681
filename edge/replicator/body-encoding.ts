import type { Duplex } from 'node:stream'
import { createBrotliDecompress, createGunzip } from 'node:zlib'
import { type Encoding, packed } from '../../runtime/content-encoding'

export interface EncodedBody {
  bytes: Buffer
  encoding: Encoding
  headers: Record<string, string>
}

/** Below this a compressed body is hardly smaller. */
const COMPRESS_FROM_BYTES = 1_024
/** Packs bodies in the best way that the peer is known to take: our gate takes brotli, CouchDB itself gzip. */
export class BodyEncoder {
  #best: Encoding = 'br'

  async encode(text: string): Promise<EncodedBody> {
    const plain = Buffer.from(text)
    const encoding = plain.length < COMPRESS_FROM_BYTES ? 'identity' : this.#best
    const bytes = await packed(plain, encoding)
    const headers = {
      'content-type': 'application/json',
      'content-length': String(bytes.length),
      ...(encoding !== 'identity' && { 'content-encoding': encoding }),
    }
    return { bytes, encoding, headers }
  }

  /** The peer does not take it. False where there is nothing else to try. */
  giveUp(encoding: Encoding): boolean {
    if (encoding === 'identity') return false
    this.#best = encoding === 'br' ? 'gzip' : 'identity'
    return true
  }
}

/** What undoes the encoding of an answer; undefined where it has none. */
export function unpackerOf(encoding: string | string[] | undefined): Duplex | undefined {
  if (encoding === 'br') return createBrotliDecompress()
  return encoding === 'gzip' ? createGunzip() : undefined
}
