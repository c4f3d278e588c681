import { readFile } from 'node:fs/promises'
import { createSecureContext } from 'node:tls'
import { PlainError } from '../runtime/plain-error'

export interface Tls {
  readonly cert: string
  readonly key: string
}

/** Read before anything is started, so that a mistake is said at once and by the name of its setting. */
export async function readTls({ certFile, keyFile }: { certFile: string; keyFile: string }): Promise<Tls> {
  const [cert, key] = await Promise.all([read('HUB_TLS_CERT', certFile), read('HUB_TLS_KEY', keyFile)])
  try {
    createSecureContext({ cert, key })
  } catch (cause) {
    throw new PlainError('HUB_TLS_CERT and HUB_TLS_KEY are not a certificate and its private key, both in PEM.', {
      cause,
    })
  }
  return { cert, key }
}

async function read(setting: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown'
    throw new PlainError(`The file of ${setting} can not be read (${code}): ${file}`, { cause })
  }
}
