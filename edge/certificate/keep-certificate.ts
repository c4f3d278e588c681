import { hostname, networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { readFileIfThere, writeFileAtomically } from '../../runtime/atomic-file'
import { PlainError } from '../../runtime/plain-error'
import { makeCertificate } from './make-certificate'

/**
 * Makes a certificate and writes it to `EDGE_DATA/tls`, each file whole and for its owner alone; tells what to do with it. One that is
 * there is replaced only if it is said so: the other computers would have to be told of the new one.
 */
export async function keepCertificate(of: {
  dataFolder: string
  names: readonly string[]
  facility: string
  now: Date
  isRenewed: boolean
}): Promise<string> {
  const folder = join(of.dataFolder, 'tls')
  const at = { ca: join(folder, 'ca.pem'), cert: join(folder, 'edge.pem'), key: join(folder, 'edge-key.pem') }
  if (!of.isRenewed && (await readFileIfThere(at.key)) !== undefined)
    throw new PlainError(`There is a certificate in ${folder}. With --renew another one takes its place.`)
  const names = [...new Set([...of.names, ...ownNames()])]
  const { ca, cert, key, validTo } = await makeCertificate(names, of.facility, of.now)
  // A running edge looks at both files, and takes them once they fit.
  await writeFileAtomically(at.ca, ca)
  await writeFileAtomically(at.key, key)
  await writeFileAtomically(at.cert, cert)
  return [
    `A certificate for ${names.join(', ')}, good until ${validTo.toISOString().slice(0, 10)}. Start the edge with`,
    '',
    `  EDGE_TLS_CERT=${at.cert}`,
    `  EDGE_TLS_KEY=${at.key}`,
    '',
    `and give ${at.ca}, which is no secret, to each computer and telephone that is to use it (docs/operations.md).`,
  ].join('\n')
}

/** By which this machine can be called without anybody having said so. */
function ownNames(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? [])
  const host = hostname().toLowerCase()
  return [
    ...(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(host) ? [host] : []),
    'localhost',
    // An IPv6 address of a link has a zone in it, and is typed by nobody.
    ...addresses.flatMap(({ address }) => (address.toLowerCase().startsWith('fe80:') ? [] : [address])),
  ]
}
