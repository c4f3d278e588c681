import express, { type Request, type Response, Router } from 'express'
import { CodedError } from '../../protocol/error-codes'
import { SESSION } from '../../protocol/headers'
import { readBody } from '../../runtime/read-body'
import { sendCompressed } from '../../runtime/send-compressed'
import { checked } from '../../schemas/check'
import type { HubInfo } from '../../schemas/generated/types'
import { isBulkDocsRequest, isLocalDocument, isRevsDiffRequest } from '../../schemas/generated/validators'
import { pushDocuments, type Refusal } from './bulk-docs'
import type { CouchAnswer, SyncCaller } from './couch-call'
import { refuseSuperseded } from './current-session'
import { getCheckpoint, putCheckpoint } from './local-documents'
import { compareRevisions } from './revs-diff'

export interface SyncDependencies {
  version: string
  /** The id that every gateway of this hub answers with, always (a replicator makes its checkpoint's name of it). */
  hubId: string
  /** Who calls: throws a CodedError unless it is an accepted node that is not suspended. */
  identify: (request: Request) => Promise<SyncCaller>
  /** Law 4: what a node was refused, for people at the hub; an id leaves the list when it is accepted. */
  noteRefusals: (nodeName: string, refusals: readonly Refusal[], accepted: readonly string[]) => Promise<void>
}

/** What a body may unpack to. The edge's batches are at most 4 MiB; a stock replicator's are a hundred documents. */
const UNPACKED_BYTES = 32 * 1024 * 1024
const CHECKPOINT_BYTES = 64 * 1024
const CHECKPOINT_ID = /^[\x21-\x7e]{1,200}$/

/**
 * The push gate: the part of CouchDB's replication protocol that a pushing node needs, and nothing else. There is no
 * route that reads a document, so nothing can be read (law 7); what is not listed here is refused.
 */
export function syncRoutes({ version, hubId, identify, noteRefusals }: SyncDependencies): Router {
  const router = Router({ caseSensitive: true })
  const asNode =
    (handler: (caller: SyncCaller, request: Request, response: Response) => Promise<void>) =>
    async (request: Request, response: Response) =>
      handler(await identify(request), request, response)

  // Stock replicators ask for the server's own id one level above the database, and name their checkpoint after it.
  router.get(['/', '/sync'], (_request, response) => {
    const info: HubInfo = { couchdb: 'Welcome', version, uuid: hubId, vendor: { name: 'Lontar' } }
    response.json(info)
  })

  router.get(
    '/sync/ehr',
    asNode(async (_caller, _request, response) => {
      // A replicator needs the name. Counts would tell what other facilities do.
      response.json({ db_name: 'ehr', instance_start_time: '0', update_seq: '0', doc_count: 0 })
    }),
  )

  router.post(
    '/sync/ehr/_revs_diff',
    asNode(async (caller, request, response) => {
      const revisions = checked(isRevsDiffRequest, await readJson(request, response, UNPACKED_BYTES), 'the body')
      await send(request, response, await compareRevisions(caller, revisions))
    }),
  )

  router.post(
    '/sync/ehr/_bulk_docs',
    asNode(async (caller, request, response) => {
      const documents = checked(isBulkDocsRequest, await readJson(request, response, UNPACKED_BYTES), 'the body')
      await refuseSuperseded(caller, request.get(SESSION))
      const { refusals, accepted, ...answer } = await pushDocuments(caller, documents)
      await noteRefusals(caller.nodeName, refusals, accepted)
      await send(request, response, answer)
    }),
  )

  router.get(
    '/sync/ehr/_local/:id',
    asNode(async (caller, request, response) => {
      await send(request, response, await getCheckpoint(caller, checkpointId(request)))
    }),
  )

  router.put(
    '/sync/ehr/_local/:id',
    asNode(async (caller, request, response) => {
      const document = checked(isLocalDocument, await readJson(request, response, CHECKPOINT_BYTES), 'the body')
      await send(request, response, await putCheckpoint(caller, checkpointId(request), document))
    }),
  )

  // Everything else below /sync: a node learns that it is closed, others only that they are not known.
  router.use(
    '/sync',
    asNode(async () => {
      throw new CodedError('FORBIDDEN', 'A node may push here, and nothing else.')
    }),
  )
  return router
}

/** Read only once the caller is known. gzip, br and deflate are unpacked, and what they unpack to is capped. */
async function readJson(request: Request, response: Response, limit: number): Promise<unknown> {
  await readBody(express.json({ type: () => true, limit }), request, response)
  return request.body
}

function checkpointId(request: Request): string {
  const id = request.params['id']
  if (typeof id === 'string' && CHECKPOINT_ID.test(id)) return id
  throw new CodedError('INVALID_REQUEST', "A checkpoint's id is 1 to 200 printable characters.")
}

/** CouchDB's answer as it is, but for a failure of the database itself, which is no business of the caller. */
async function send(request: Request, response: Response, { status, body }: CouchAnswer): Promise<void> {
  if (status >= 500) throw new CodedError('DATABASE_UNAVAILABLE', 'The database could not do this; try again.')
  response.status(status).setHeader('Content-Type', 'application/json')
  await sendCompressed(request, response, JSON.stringify(body))
}
