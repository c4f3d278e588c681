import { X509Certificate } from 'node:crypto'
import { statfs } from 'node:fs/promises'
import { packageVersion } from '../../runtime/settings'
import type { About } from '../../schemas/generated/types'

/** What people are asked for when they call for help. */
export async function aboutEdge(of: {
  externalId: string
  name: string
  hubUrl: string
  dataFolder: string
  startedAt: Date
  /** PEM, of the edge's own address. */
  certificate: Buffer | string | undefined
}): Promise<About> {
  const { externalId, name, hubUrl, dataFolder, startedAt, certificate } = of
  const { bavail, blocks, bsize } = await statfs(dataFolder)
  return {
    ...{ version: packageVersion(), node: process.version, externalId, name, hubUrl, dataFolder },
    ...{ freeBytes: bavail * bsize, diskBytes: blocks * bsize, startedAt: startedAt.toISOString() },
    ...(certificate !== undefined && { certificate: certificateOf(certificate) }),
  }
}

function certificateOf(pem: Buffer | string): NonNullable<About['certificate']> {
  const { subject, subjectAltName, validTo } = new X509Certificate(pem)
  return { names: (subjectAltName ?? subject).slice(0, 2_000), validTo: new Date(validTo).toISOString() }
}
