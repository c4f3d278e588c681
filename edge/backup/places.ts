import { constants } from 'node:fs'
import { access, open, readdir, readFile, stat, statfs } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { BackupFile, BackupPlace } from '../../schemas/generated/types'
import { MOST_HEADER_BYTES, readHeader } from './backup-header'

/** Where desktops and people mount what they plug in. */
const MOUNT_POINT = /^\/(media(\/[^/]+){1,2}|run\/media(\/[^/]+){1,2}|mnt(\/[^/]+)?)$/
const MOST_PLACES = 20
const MOST_FILES = 100
/** A network drive that has gone answers never. */
const ANSWER_MS = 3_000

const BACKUP_NAME = /^[A-Za-z0-9._-]{1,120}\.lontar$/

/** Drives that are plugged in now, and the folder of the settings; those that do not answer are left out. */
export async function findPlaces(dataFolder: string, ownFolder: string | undefined): Promise<BackupPlace[]> {
  const mounts = await readFile('/proc/self/mountinfo', 'utf8').then(mountsIn, () => [])
  const paths = [...new Set([...(ownFolder === undefined ? [] : [ownFolder]), ...mounts])].slice(0, MOST_PLACES)
  const places = await Promise.all(paths.map((path) => inTime(placeAt(path, dataFolder))))
  return places.filter((place) => place !== undefined)
}

/** A whole path only where it is one of these places: nobody writes elsewhere by asking for it. */
export function fileAt(places: readonly BackupPlace[], path: string, name: string): string | undefined {
  const place = places.find((one) => one.path === path)
  return place?.backups.some((one) => one.name === name) ? join(path, name) : undefined
}

/** Mount points of drives. https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html: the fifth field, blanks as \040. */
export function mountsIn(mountinfo: string): string[] {
  return mountinfo.split('\n').flatMap((line) => {
    const field = line.split(' ')[4] ?? ''
    const path = field.replace(/\\([0-7]{3})/g, (_all, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
    return MOUNT_POINT.test(path) ? [path] : []
  })
}

async function placeAt(path: string, dataFolder: string): Promise<BackupPlace> {
  const [folder, data, { bavail, bsize }, isWritable, backups] = await Promise.all([
    stat(path),
    stat(dataFolder),
    statfs(path),
    access(path, constants.W_OK).then(
      () => true,
      () => false,
    ),
    backupsIn(path),
  ])
  return { path, freeBytes: bavail * bsize, isSameDisk: folder.dev === data.dev, isWritable, backups }
}

async function backupsIn(path: string): Promise<BackupFile[]> {
  const names = (await readdir(path)).filter((name) => BACKUP_NAME.test(name)).slice(0, MOST_FILES)
  const files = await Promise.all(names.map((name) => describe(resolve(path), name).catch(() => undefined)))
  return files.filter((file) => file !== undefined).sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
}

/** Whose it is, and of when. Throws BACKUP_UNREADABLE and BACKUP_DAMAGED. */
async function describe(folder: string, name: string): Promise<BackupFile> {
  const file = await open(join(folder, name), 'r')
  try {
    const begin = Buffer.alloc(MOST_HEADER_BYTES)
    const { bytesRead } = await file.read(begin, 0, begin.length, 0)
    const { facility, createdAt } = readHeader(begin.subarray(0, bytesRead)).header
    return { name, facility, createdAt, bytes: (await file.stat()).size }
  } finally {
    await file.close()
  }
}

function inTime<T>(answer: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ANSWER_MS)
  })
  return Promise.race([answer.catch(() => undefined), late]).finally(() => clearTimeout(timer))
}
