import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'
import { BodyError } from './body-error'

export interface UnpackLimits {
  /** What a body may unpack to. */
  readonly mostBytes: number
  /** How many times as large as it came; text of records reaches about 30. */
  readonly mostRatio: number
  /** Below this a high ratio is no attack: a few kilobytes of the same record. */
  readonly ratioFromBytes: number
}

const UNPACK = {
  br: promisify(brotliDecompress),
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
} as const

/** Unpacks off the main thread, and stops at the limit: 10 MB that say they are 10 GB cost no more than the limit. */
export async function unpacked(bytes: Buffer, encoding: string | undefined, limits: UnpackLimits): Promise<Buffer> {
  const name = (encoding ?? 'identity').trim().toLowerCase()
  if (name === 'identity' || name === '') {
    if (bytes.length > limits.mostBytes) throw new BodyError('entity.too.large')
    return bytes
  }
  const unpack = isKnown(name) ? UNPACK[name] : undefined
  if (!unpack) throw new BodyError('encoding.unsupported')
  const byRatio = Math.max(bytes.length * limits.mostRatio, limits.ratioFromBytes)
  try {
    return await unpack(bytes, { maxOutputLength: Math.min(limits.mostBytes, byRatio) })
  } catch (cause) {
    const isLarge = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    throw new BodyError(isLarge ? 'entity.too.large' : 'entity.verify.failed', { cause })
  }
}

function isKnown(name: string): name is keyof typeof UNPACK {
  return Object.hasOwn(UNPACK, name)
}
