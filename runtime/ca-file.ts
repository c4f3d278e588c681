import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { PlainError } from './plain-error'

/**
 * Certificates of authorities, in PEM, one after the other. Whoever connects with them trusts nobody else: not the
 * hundred authorities of the operating system, of which one may be made to sign for somebody else's hub.
 *
 * @param setting names the file to whoever has to mend it
 */
export async function readCaFile(setting: string, file: string): Promise<string> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown'
    throw new PlainError(`The file of ${setting} can not be read (${code}): ${file}`, { cause })
  }
  const certificates = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  if (certificates.length === 0 || !certificates.every(isCertificate)) {
    throw new PlainError(`${setting} must name a file with one or more certificates in PEM: ${file}`)
  }
  return text
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0
  } catch {
    return false
  }
}
