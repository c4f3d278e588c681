import { pipeline } from 'node:stream/promises'
import express, { Router } from 'express'
import { CodedError } from '../../protocol/error-codes'
import { weaknessOf } from '../../protocol/password-rules'
import { readBody } from '../../runtime/read-body'
import { checked } from '../../schemas/check'
import type { BackupDownload } from '../../schemas/generated/types'
import { isBackupRequest } from '../../schemas/generated/validators'
import type { BackupAgent } from './backup-agent'

export type BackupRoutesDeps = Pick<BackupAgent, 'status' | 'start' | 'cancel' | 'offer' | 'fetch'>

const parse = express.json({ limit: 16 * 1024 })
const LEAST_CHARACTERS = 12
const DOWNLOADS = '/app/backups/downloads'

/** Backups onto drives of this computer, or through the browser to another one; the guard has looked who asks. */
export function backupRoutes(agent: BackupRoutesDeps): Router {
  const router = Router({ caseSensitive: true })

  router.get('/app/backups', async (_request, response) => {
    response.json(await agent.status())
  })

  router.post('/app/backups', async (request, response) => {
    await readBody(parse, request, response)
    const { path, passphrase } = checked(isBackupRequest, request.body ?? {}, 'the backup')
    if (path === undefined) throw new CodedError('INVALID_REQUEST', 'path must name the place of the backup.')
    refuseWeak(passphrase)
    await agent.start(path, passphrase)
    response.status(202).json(await agent.status())
  })

  router.delete('/app/backups', async (_request, response) => {
    await agent.cancel()
    response.json(await agent.status())
  })

  router.post(DOWNLOADS, async (request, response) => {
    await readBody(parse, request, response)
    const { passphrase } = checked(isBackupRequest, request.body ?? {}, 'the backup')
    refuseWeak(passphrase)
    response.setHeader('Cache-Control', 'no-store')
    response.status(201).json({ path: `${DOWNLOADS}/${await agent.offer(passphrase)}` } satisfies BackupDownload)
  })

  router.get(`${DOWNLOADS}/:id`, async (request, response) => {
    const { name, backup, ended } = await agent.fetch(request.params.id)
    response.attachment(name).type('application/octet-stream').setHeader('Cache-Control', 'no-store')
    try {
      await pipeline(backup, response)
      await ended(true)
    } catch {
      // Whoever fetched it has gone, or the edge stops: the browser says itself that it is not whole.
      await ended(false)
      response.destroy()
    }
  })

  return router
}

/** A lost stick is in strangers' hands for as long as they like. */
function refuseWeak(passphrase: string): void {
  const weakness = weaknessOf(passphrase, '', LEAST_CHARACTERS)
  if (weakness !== undefined) throw new CodedError('PASSWORD_WEAK', weakness)
}
