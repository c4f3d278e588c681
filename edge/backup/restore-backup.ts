import { mkdir, readdir, rename, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { ClassicLevel } from 'classic-level'
import { CodedError } from '../../protocol/error-codes'
import { syncFolder, writeDurably } from '../../runtime/atomic-file'
import { checked } from '../../schemas/check'
import { isKeptFacility } from '../../schemas/generated/validators'
import { damaged } from './backup-header'
import type { Entry } from './entries'

/** What is put back is made here, and is whole when it is called READY. */
const DRAFT = 'restore.draft'
const READY = 'restore.ready'
/** Whatever says that a facility works here already. */
const SIGNS_OF_DATA = ['ehr', 'credentials.json', 'facility.json']
const FILES = ['credentials.json', 'facility.json']
/** The last one is what the next start looks for. */
const PARTS = ['ehr', 'state', 'credentials.json', 'facility.json']

const BATCH_BYTES = 1024 * 1024
const KEPT_FREE_BYTES = 128 * 1024 * 1024
const LOOK_EVERY_BYTES = 16 * 1024 * 1024

/** Throws DATA_THERE. */
export async function refuseOverData(dataFolder: string): Promise<void> {
  const names = await readdir(dataFolder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  if (names.some((name) => SIGNS_OF_DATA.includes(name)))
    throw new CodedError(
      'DATA_THERE',
      'There are data of a facility here already; a backup is put back only where there are none.',
    )
}

/**
 * Writes a backup beside what is there, all of it durably, and changes nothing else: what is damaged, or does not fit, leaves
 * all as it was. `finishRestore` puts it in place.
 */
export async function prepareRestore(dataFolder: string, entries: AsyncIterable<Entry>): Promise<void> {
  await refuseOverData(dataFolder)
  const draft = join(dataFolder, DRAFT)
  try {
    await rm(draft, { recursive: true, force: true })
    await mkdir(draft, { recursive: true, mode: 0o700 })
    await writeEntries(draft, entries)
    for (const folder of ['ehr', 'state', '.']) await syncFolder(join(draft, folder))
    await rename(draft, join(dataFolder, READY))
    await syncFolder(dataFolder)
  } catch (error) {
    await rm(draft, { recursive: true, force: true }).catch(() => undefined)
    if (isFull(error))
      throw new CodedError('DISK_FULL', 'There is not enough room for the backup on this disk.', { cause: error })
    throw error
  }
}

/**
 * Puts in place what was prepared; for the beginning of a start, while nobody has the databases open. One after the other and the
 * same way again after it was broken off: what is still in READY is newer than what stands in its place. True where there was any.
 */
export async function finishRestore(dataFolder: string): Promise<boolean> {
  await rm(join(dataFolder, DRAFT), { recursive: true, force: true })
  const ready = join(dataFolder, READY)
  const prepared = await readdir(ready).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw error
  })
  if (prepared === undefined) return false
  await rm(join(dataFolder, 'identity'), { recursive: true, force: true })
  for (const part of PARTS.filter((name) => prepared.includes(name))) {
    await rm(join(dataFolder, part), { recursive: true, force: true })
    await rename(join(ready, part), join(dataFolder, part))
    await syncFolder(dataFolder)
  }
  await rm(ready, { recursive: true })
  await syncFolder(dataFolder)
  return true
}

async function writeEntries(draft: string, entries: AsyncIterable<Entry>): Promise<void> {
  const levels = { ehr: rawLevel(join(draft, 'ehr')), state: rawLevel(join(draft, 'state')) }
  const names = new Set<string>()
  let batch: { kind: 'ehr' | 'state'; key: Buffer; value: Buffer }[] = []
  let [bytes, unseen] = [0, LOOK_EVERY_BYTES]
  const flush = async () => {
    for (const kind of ['ehr', 'state'] as const) {
      const puts = batch
        .filter((entry) => entry.kind === kind)
        .map(({ key, value }) => ({ type: 'put' as const, key, value }))
      if (puts.length > 0) await levels[kind].batch(puts, { sync: true } as object)
    }
    unseen += bytes
    if (unseen > LOOK_EVERY_BYTES) await refuseWithoutRoom(draft)
    if (unseen > LOOK_EVERY_BYTES) unseen = 0
    batch = []
    bytes = 0
  }
  try {
    await Promise.all(Object.values(levels).map((level) => level.open()))
    for await (const { kind, key, value } of entries) {
      if (kind === 'end') continue
      if (kind === 'file') {
        const name = key.toString()
        if (!FILES.includes(name)) throw damaged()
        if (name === 'facility.json') refuseUnlessFacility(value)
        await writeDurably(join(draft, name), value.toString())
        names.add(name)
        continue
      }
      batch.push({ kind, key, value })
      bytes += key.length + value.length
      if (bytes >= BATCH_BYTES) await flush()
    }
    await flush()
    if (!names.has('facility.json')) throw damaged()
  } finally {
    await Promise.all(Object.values(levels).map((level) => level.close()))
  }
}

/** The next start needs it, and nobody could get the browser's first page back where it can't be read. */
function refuseUnlessFacility(value: Buffer): void {
  try {
    checked(isKeptFacility, JSON.parse(value.toString()), 'facility.json')
  } catch (cause) {
    throw new CodedError('BACKUP_UNREADABLE', 'This backup is of another version of Lontar.', { cause })
  }
}

/** Both programs that use LevelDB here write the same files. */
function rawLevel(location: string): ClassicLevel<Buffer, Buffer> {
  return new ClassicLevel(location, { keyEncoding: 'buffer', valueEncoding: 'buffer' })
}

class NoRoom extends Error {}

async function refuseWithoutRoom(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  if (bavail * bsize < KEPT_FREE_BYTES) throw new NoRoom()
}

function isFull(error: unknown): boolean {
  if (error instanceof NoRoom) return true
  if (typeof error !== 'object' || error === null) return false
  const code = 'code' in error ? String(error.code) : ''
  const message = 'message' in error ? String(error.message) : ''
  return /ENOSPC|EDQUOT/.test(code) || /No space left/.test(message) || ('cause' in error && isFull(error.cause))
}
