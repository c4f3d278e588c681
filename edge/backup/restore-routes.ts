import { createReadStream } from 'node:fs'
import express, { type Request, Router } from 'express'
import { CodedError } from '../../protocol/error-codes'
import { onceOver } from '../../runtime/once-over'
import { readBody } from '../../runtime/read-body'
import { checked } from '../../schemas/check'
import type { BackupPlace, RestoreStatus } from '../../schemas/generated/types'
import { isRestoreRequest } from '../../schemas/generated/validators'
import { fileAt } from './places'
import { counted, openBackup } from './read-backup'
import { prepareRestore, refuseOverData } from './restore-backup'
import { outcomeOf } from './write-backup'

export interface RestoreRoutesDeps {
  readonly dataFolder: string
  readonly places: () => Promise<BackupPlace[]>
  /** Throws FORBIDDEN: a page of another site asks. */
  readonly refuseOtherPages: (request: Request) => void
  /** What was prepared takes effect. */
  readonly begin: () => void
}

const parse = express.json({ limit: 16 * 1024 })

/** At the first start, in place of naming a facility: a backup from a drive, or one that the browser sends. */
export function restoreRoutes({ dataFolder, places, refuseOtherPages, begin }: RestoreRoutesDeps): Router {
  const router = Router({ caseSensitive: true })
  let running: RestoreStatus['running']

  const restore = async (source: AsyncIterable<Buffer>, passphrase: string, totalBytes: number): Promise<void> => {
    if (running) throw new CodedError('BACKUP_RUNNING', 'A backup is put back already; wait for its end.')
    const progress = { bytes: 0, totalBytes }
    running = progress
    try {
      await refuseOverData(dataFolder)
      const watched = counted(source, (bytes) => {
        progress.bytes += bytes
      })
      await prepareRestore(dataFolder, (await openBackup(watched, passphrase)).entries)
    } catch (error) {
      if (outcomeOf(error) !== 'drive-gone') throw error
      throw new CodedError('PLACE_UNKNOWN', 'The drive can not be read any more; was it taken out?', { cause: error })
    } finally {
      running = undefined
    }
  }

  router.get('/app/restore', async (_request, response) => {
    response.json({ places: await places(), ...(running && { running }) } satisfies RestoreStatus)
  })

  router.post('/app/restore', async (request, response) => {
    refuseOtherPages(request)
    if (request.is('application/octet-stream')) {
      const header = request.headers['x-backup-passphrase']
      const passphrase = Buffer.from(typeof header === 'string' ? header : '', 'base64url').toString()
      const pieces: AsyncIterator<Buffer> = request[Symbol.asyncIterator]()
      try {
        // Without `return`: whoever stops reading early must not close the connection that the answer goes over.
        const source = { [Symbol.asyncIterator]: () => ({ next: () => pieces.next() }) }
        await restore(source, passphrase, Number(request.headers['content-length'] ?? 0))
      } catch (error) {
        await readAway(pieces)
        throw error
      }
    } else {
      await readBody(parse, request, response)
      const { path, name, passphrase } = checked(isRestoreRequest, request.body ?? {}, 'the backup')
      const file = fileAt(await places(), path, name)
      if (file === undefined)
        throw new CodedError('PLACE_UNKNOWN', 'This backup is not there; the drive may have been taken out.')
      const bytes = (await places()).flatMap(({ backups }) => backups).find((one) => one.name === name)?.bytes ?? 0
      const gone = new AbortController()
      onceOver(response, () => gone.abort())
      const stream = createReadStream(file, { signal: gone.signal })
      await restore(stream, passphrase, bytes).finally(() => stream.destroy())
    }
    // Whoever asked may have gone in the last moment; what is prepared is put in place all the same.
    response.status(202).json({ stage: 'setup' })
    onceOver(response, begin)
  })

  return router
}

/** A browser looks at the answer only when all that it sends was taken, and a stick gives a large file slowly. */
async function readAway(pieces: AsyncIterator<Buffer>): Promise<void> {
  try {
    while (!(await pieces.next()).done);
  } catch {
    // It has gone.
  }
}
