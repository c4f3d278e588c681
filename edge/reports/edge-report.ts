import { statfs } from 'node:fs/promises'
import type { EdgeReport } from '../../protocol/node-report'
import type { EdgeStatus } from '../../schemas/generated/types'

/** What the edge tells the hub of itself, from what it has counted anyway. */
export async function edgeReport(parts: {
  version: string
  sync: () => Promise<EdgeStatus['sync']>
  clockOffsetMs: number | undefined
  freeDiskBytes: () => Promise<number | undefined>
  uptimeSeconds: () => number
}): Promise<EdgeReport> {
  const [sync, freeDiskBytes] = await Promise.all([parts.sync(), parts.freeDiskBytes()])
  const { clockOffsetMs } = parts
  return {
    version: parts.version,
    syncState: sync.state,
    backlogDocuments: sync.pendingDocuments,
    backlogBytes: sync.pendingBytes,
    ...(sync.oldestPendingAt !== null && { oldestUnsentAt: sync.oldestPendingAt }),
    refusedDocuments: sync.refusedDocuments,
    ...(sync.lastAcknowledgedAt !== null && { lastAcknowledgedAt: sync.lastAcknowledgedAt }),
    ...(sync.bytesPerSecond > 0 && { bytesPerSecond: sync.bytesPerSecond }),
    bytesToday: sync.bytesToday,
    ...(clockOffsetMs !== undefined && { clockOffsetMs }),
    ...(freeDiskBytes !== undefined && { freeDiskBytes }),
    uptimeSeconds: Math.round(parts.uptimeSeconds()),
  }
}

/** For whom it is not reserved; undefined where the file system does not say. */
export async function freeDiskBytesOf(folder: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize
  } catch {
    return undefined
  }
}
