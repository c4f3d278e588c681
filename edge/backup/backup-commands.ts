import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { CodedError } from '../../protocol/error-codes'
import { PlainError } from '../../runtime/plain-error'
import type { BackupDownload } from '../../schemas/generated/types'
import { openedIn } from '../store/open-failure'
import { EdgeState } from '../store/state'
import { nameOf } from './backup-agent'
import { MOST_HEADER_BYTES, readHeader } from './backup-header'
import { checkBackup, openBackup } from './read-backup'
import { finishRestore, prepareRestore, refuseOverData } from './restore-backup'
import { outcomeOf, writeBackup } from './write-backup'

/** `lontar edge backup FOLDER`: what the running edge gives out, written and read back. The sentence is for people. */
export async function backupTo(
  folder: string,
  passphrase: string,
  parts: {
    dataFolder: string
    ask: <T>(path: string, body: object) => Promise<T>
    fetch: (path: string) => Promise<Readable>
    signal: AbortSignal
  },
): Promise<string> {
  const { path } = await parts.ask<BackupDownload>('/app/backups/downloads', { passphrase })
  const pieces = (await parts.fetch(path))[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let begin = Buffer.alloc(0)
  while (begin.length < MOST_HEADER_BYTES) {
    const { done, value } = await pieces.next()
    if (done) break
    begin = Buffer.concat([begin, value])
  }
  const { facility, createdAt } = readHeader(begin).header
  async function* all() {
    yield begin
    for (let piece = await pieces.next(); !piece.done; piece = await pieces.next()) yield piece.value
  }
  const name = nameOf(facility.externalId, createdAt)
  let bytes = 0
  try {
    const counts = await writeBackup(Readable.from(all(), { objectMode: false }), {
      ...{ folder, name, passphrase, signal: parts.signal },
      isSameDisk: await isSameDisk(folder, parts.dataFolder),
      onWritten: (more) => {
        bytes += more
      },
      onCheck: () => undefined,
      onChecked: () => undefined,
    })
    return `${join(folder, name)} is whole: ${counts.ehr} entries of records, ${(bytes / 1e6).toFixed(1)} MB, read back and compared.`
  } catch (error) {
    throw inWords(error, SENTENCES[outcomeOf(error)])
  }
}

/** `lontar edge backup --check FILE` */
export async function checkedBackup(file: string, passphrase: string): Promise<string> {
  try {
    const { ehr } = await checkBackup(file, passphrase)
    return `${file} is whole: ${ehr} entries of records.`
  } catch (error) {
    throw inWords(error, `${file} can not be read.`)
  }
}

/** `lontar edge restore FILE`, where no edge runs. */
export async function restoreFrom(file: string, passphrase: string, dataFolder: string): Promise<string> {
  try {
    await refuseOverData(dataFolder)
    // Whoever has the folder open, such as an edge that waits for its first answers, would not see what is put in place.
    await (await openedIn(dataFolder, () => EdgeState.open(dataFolder))).stop()
    const { header, entries } = await openBackup(createReadStream(file), passphrase)
    await prepareRestore(dataFolder, entries)
    await finishRestore(dataFolder)
    const { externalId, name } = header.facility
    return `The data of ${name} (${externalId}) of ${header.createdAt} are in ${dataFolder}. Start the edge; it registers new patients once the hub has answered.`
  } catch (error) {
    throw inWords(error, `${basename(file)} could not be put back; nothing was changed.`)
  }
}

const SENTENCES: Record<ReturnType<typeof outcomeOf>, string> = {
  'drive-gone': 'The folder is not there, or its drive was taken out. Nothing that looks like a backup was left.',
  'drive-full': 'There is no room for the backup in that folder.',
  'disk-full': 'The folder is on the disk of the records, which has too little room for it.',
  'read-only': 'The folder can not be written to.',
  stopped: 'Stopped; nothing of it was left.',
  failed: 'The backup could not be made; nothing of it was left.',
}

function inWords(error: unknown, otherwise: string): Error {
  if (error instanceof PlainError) return error
  if (error instanceof CodedError) return new PlainError(`${error.message} (${error.code})`, { cause: error })
  return new PlainError(otherwise, { cause: error })
}

async function isSameDisk(folder: string, dataFolder: string): Promise<boolean> {
  const [there, here] = await Promise.all([stat(resolve(folder)), stat(dataFolder).catch(() => undefined)])
  return there.dev === here?.dev
}
