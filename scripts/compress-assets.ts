import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const PACKED = /\.(js|css|svg|json)$/
/** Less fits into the packet that a header needs anyway. */
const LEAST_BYTES = 1_000

/** Puts a brotli and a gzip form beside each file, as small as they get: it is done once, and read a million times. */
export function compressAssets(folder: string): void {
  for (const name of readdirSync(folder).filter((name) => PACKED.test(name))) {
    const file = join(folder, name)
    const bytes = readFileSync(file)
    if (bytes.length < LEAST_BYTES) continue
    writeFileSync(
      `${file}.br`,
      brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
    )
    writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }))
  }
}
