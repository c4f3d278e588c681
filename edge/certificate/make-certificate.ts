// The library looks for decorators' metadata when it is loaded.
import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'

/** PEM texts. The key of the authority is in none of them: it is used once, and forgotten. */
export interface MadeCertificate {
  /** What the other computers are told of. */
  readonly ca: string
  readonly cert: string
  readonly key: string
  readonly validTo: Date
}

/** What browsers and Apple's systems take at the most is 398 and 825 days; one of an authority of one's own may have the latter. */
const VALID_DAYS = 820
const DAY_MS = 86_400_000
const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/**
 * An authority and a certificate of it for these names and addresses. The authority signs this one certificate: as nobody has its
 * key afterwards, whoever trusts it trusts this edge and nothing else. A new certificate is a new authority.
 */
export async function makeCertificate(names: readonly string[], facility: string, now: Date): Promise<MadeCertificate> {
  const [caKeys, keys] = await Promise.all([newKeys(), newKeys()])
  // The clocks of other computers may be behind.
  const dates = { notBefore: new Date(now.getTime() - DAY_MS), notAfter: new Date(now.getTime() + VALID_DAYS * DAY_MS) }
  const ca = await X509CertificateGenerator.createSelfSigned({
    ...dates,
    serialNumber: serial(),
    name: [{ CN: [`Lontar ${facility} ${now.toISOString().slice(0, 10)}`] }],
    keys: caKeys,
    signingAlgorithm: EC,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
      await SubjectKeyIdentifierExtension.create(caKeys.publicKey, false),
    ],
  })
  const cert = await X509CertificateGenerator.create({
    ...dates,
    serialNumber: serial(),
    subject: [{ CN: [names[0] ?? 'localhost'] }],
    issuer: ca.subjectName,
    publicKey: keys.publicKey,
    signingKey: caKeys.privateKey,
    signingAlgorithm: EC,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value })),
      ),
      await SubjectKeyIdentifierExtension.create(keys.publicKey, false),
      await AuthorityKeyIdentifierExtension.create(caKeys.publicKey, false),
    ],
  })
  const key = PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY')
  return { ca: `${ca.toString('pem')}\n`, cert: `${cert.toString('pem')}\n`, key: `${key}\n`, validTo: dates.notAfter }
}

function newKeys() {
  return webcrypto.subtle.generateKey(EC, true, ['sign', 'verify'])
}

/** 20 octets at the most, and positive (RFC 5280, 4.1.2.2). */
function serial(): string {
  return `01${Buffer.from(webcrypto.getRandomValues(new Uint8Array(15))).toString('hex')}`
}
