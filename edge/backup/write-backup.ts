import { open, readdir, rename, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { addAbortSignal, type Readable } from 'node:stream'
import { syncFolder } from '../../runtime/atomic-file'
import type { BackupStatus } from '../../schemas/generated/types'
import type { EntryCounts } from './entries'
import { checkBackup } from './read-backup'

export type Outcome = NonNullable<BackupStatus['last']>['outcome']

/** Left free on the disk that the records are on, whatever a backup would still need. */
const KEPT_FREE_BYTES = 512 * 1024 * 1024
const LOOK_EVERY_BYTES = 8 * 1024 * 1024

const UNFINISHED = /^\.lontar-[A-Za-z0-9._-]+\.lontar\.unfinished$/

/** There is no room on the disk that the records are on. */
class NoRoom extends Error {
  readonly code = 'NO_ROOM'
}

/**
 * Writes a backup to a drive and reads it back. It has its name only when it is whole and on the drive: one that was broken off
 * (by a power cut, or because the stick was pulled) never looks like a backup, and the next one removes what it left.
 */
export async function writeBackup(
  backup: Readable,
  to: {
    folder: string
    name: string
    passphrase: string
    /** The disk that the records are on. */
    isSameDisk: boolean
    signal: AbortSignal
    onWritten: (bytes: number) => void
    onCheck: () => void
    onChecked: (bytes: number) => void
  },
): Promise<EntryCounts> {
  const { folder, name, signal } = to
  const unfinished = join(folder, `.${name}.unfinished`)
  try {
    for (const left of await readdir(folder)) if (UNFINISHED.test(left)) await rm(join(folder, left), { force: true })
    if (to.isSameDisk) await refuseWithoutRoom(folder)
    const file = await open(unfinished, 'wx', 0o600)
    try {
      let unseen = 0
      for await (const piece of addAbortSignal(signal, backup)) {
        await file.writeFile(piece)
        to.onWritten(piece.length)
        unseen += piece.length
        if (!to.isSameDisk || unseen < LOOK_EVERY_BYTES) continue
        unseen = 0
        await refuseWithoutRoom(folder)
      }
      await file.sync()
    } finally {
      await file.close()
    }
    to.onCheck()
    const counts = await checkBackup(unfinished, to.passphrase, { signal, onBytes: to.onChecked })
    await rename(unfinished, join(folder, name))
    await syncFolder(folder).catch(ignoreUnable)
    return counts
  } catch (error) {
    backup.destroy()
    await rm(unfinished, { force: true }).catch(() => undefined)
    throw error
  }
}

/** What a failure means to the person who plugged the drive in. */
export function outcomeOf(error: unknown): Exclude<Outcome, 'done'> {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  switch (code) {
    case 'ENOENT':
    case 'EIO':
    case 'ENODEV':
    case 'ENXIO':
    case 'ESTALE':
    case 'ENOTCONN':
      return 'drive-gone'
    case 'ENOSPC':
    case 'EDQUOT':
    // FAT32 has no file beyond 4 GB.
    case 'EFBIG':
      return 'drive-full'
    case 'NO_ROOM':
      return 'disk-full'
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return 'read-only'
    case 'ABORT_ERR':
      return 'stopped'
    default:
      return 'failed'
  }
}

async function refuseWithoutRoom(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  if (bavail * bsize < KEPT_FREE_BYTES) throw new NoRoom('the disk of the records would be full')
}

/** Some drives' file systems can't do it for folders. */
function ignoreUnable(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EINVAL' && error.code !== 'ENOTSUP') throw error
}
