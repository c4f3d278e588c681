import { constants } from 'node:fs'
import { access, open, readdir, readFile, stat, statfs } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { CodedError } from '../../protocol/error-codes'
import type { BackupFile, BackupPlace } from '../../schemas/generated/types'
import { MOST_HEADER_BYTES, readHeader } from './backup-header'

/** Where desktops and people mount what they plug in. */
const MOUNT_POINT = /^\/(media(\/[^/]+){1,2}|run\/media(\/[^/]+){1,2}|mnt(\/[^/]+)?)$/
const MOST_PLACES = 20
const MOST_FILES = 100
/** A network drive that has gone answers never. */
const ANSWER_MS = 3_000

const BACKUP_NAME = /^[A-Za-z0-9._-]{1,120}\.lontar$/

/** Reading and writing of all of the program goes through four threads, and a drive that does not answer holds one. */
const MOST_SILENT = 2

/**
 * Drives that are plugged in now, and the folder of the settings; those that do not answer are left out, and asked again only once
 * they have. One question at a time, in one round at a time: records are saved also while a drive hangs.
 */
export function placesFinder(
  dataFolder: string,
  ownFolder: string | undefined,
  look: (path: string, dataFolder: string) => Promise<BackupPlace> = placeAt,
  mounted: () => Promise<string> = () => readFile('/proc/self/mountinfo', 'utf8'),
): () => Promise<BackupPlace[]> {
  const silent = new Set<string>()
  let round: Promise<BackupPlace[]> | undefined
  const find = async () => {
    const mounts = await mounted().then(mountsIn, () => [])
    const paths = [...new Set([...(ownFolder === undefined ? [] : [ownFolder]), ...mounts])].slice(0, MOST_PLACES)
    const places: BackupPlace[] = []
    for (const path of paths) {
      if (silent.has(path) || silent.size >= MOST_SILENT) continue
      silent.add(path)
      const place = await inTime(look(path, dataFolder).finally(() => silent.delete(path)))
      if (place) places.push(place)
    }
    return places
  }
  return () => {
    round ??= find().finally(() => {
      round = undefined
    })
    return round
  }
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
  const folder = await stat(path)
  const data = await stat(dataFolder)
  const { bavail, bsize } = await statfs(path)
  const isWritable = await access(path, constants.W_OK).then(
    () => true,
    () => false,
  )
  const backups = await backupsIn(path)
  return { path, freeBytes: bavail * bsize, isSameDisk: folder.dev === data.dev, isWritable, backups }
}

async function backupsIn(path: string): Promise<BackupFile[]> {
  const names = (await readdir(path)).filter((name) => BACKUP_NAME.test(name)).slice(0, MOST_FILES)
  const files: BackupFile[] = []
  for (const name of names) {
    const file = await describe(resolve(path), name).catch(() => undefined)
    if (file) files.push(file)
  }
  return files.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
}

/** A stick comes from anybody: a link on it leads nowhere, and a pipe, which would be opened for ever, is none. */
const AS_A_FILE = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/** Whose it is, and of when. Throws BACKUP_UNREADABLE and BACKUP_DAMAGED. */
async function describe(folder: string, name: string): Promise<BackupFile> {
  const file = await open(join(folder, name), AS_A_FILE)
  try {
    if (!(await file.stat()).isFile()) throw new CodedError('BACKUP_UNREADABLE', 'This is no file.')
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
