import type { Request, Response } from 'express'
import { CodedError } from '../../protocol/error-codes'
import { SESSION } from '../../protocol/headers'
import type { Bodies } from '../../runtime/bodies/bodies'
import { sendCompressed } from '../../runtime/send-compressed'
import type { UntakenAnswers } from '../../runtime/untaken-answers'
import { checked } from '../../schemas/check'
import type { HubInfo } from '../../schemas/generated/types'
import { isBulkDocsRequest, isLocalDocument, isRevsDiffRequest } from '../../schemas/generated/validators'
import type { Caller } from '../access/caller'
import type { Handler, Handlers } from '../access/handlers'
import { pushDocuments, type Refusal } from './bulk-docs'
import type { CouchAnswer, SyncCaller } from './couch-call'
import { refuseSuperseded } from './current-session'
import { getCheckpoint, putCheckpoint } from './local-documents'
import { compareRevisions } from './revs-diff'

export interface SyncDependencies {
  version: string
  /** The id that every gateway of this hub answers with, always (a replicator makes its checkpoint's name of it). */
  hubId: string
  /** A node's own account at CouchDB. */
  asCouchUser: (caller: NodeCaller) => Promise<SyncCaller>
  /** Law 4: what a node was refused, for people at the hub; an id leaves the list when it is accepted. */
  noteRefusals: (nodeName: string, refusals: readonly Refusal[], accepted: readonly string[]) => Promise<void>
  /** Told of each push that the database has answered for. */
  pushed: (documents: { accepted: number; refused: number }) => void
  /** Of all at this gateway: they are read once the caller is known. */
  bodies: { pushes: Bodies; checkpoints: Bodies }
  /** Of all at this gateway. */
  answers: UntakenAnswers
}

export type SyncRouteName =
  | 'GET /'
  | 'GET /sync'
  | 'GET /sync/ehr'
  | 'POST /sync/ehr/_revs_diff'
  | 'POST /sync/ehr/_bulk_docs'
  | 'GET /sync/ehr/_local/:id'
  | 'PUT /sync/ehr/_local/:id'

type NodeCaller = Extract<Caller, { kind: 'node' }>

const CHECKPOINT_ID = /^[\x21-\x7e]{1,200}$/

/**
 * The push gate: the part of CouchDB's replication protocol that a pushing node needs, and nothing else. There is no
 * route that reads a document, so nothing can be read (law 7).
 */
export function syncRoutes({
  version,
  hubId,
  asCouchUser,
  noteRefusals,
  pushed,
  bodies,
  answers,
}: SyncDependencies): Handlers<SyncRouteName> {
  const asNode =
    (handler: (caller: SyncCaller, request: Request, response: Response) => Promise<void>): Handler<NodeCaller> =>
    async (caller, request, response) =>
      handler(await asCouchUser(caller), request, response)
  const send = (...answer: [SyncCaller, Request, Response, CouchAnswer]) => answered(answers, ...answer)
  // Stock replicators ask for the server's own id one level above the database, and name their checkpoint after it.
  const welcome = (_nobody: Caller, _request: Request, response: Response) => {
    const info: HubInfo = { couchdb: 'Welcome', version, uuid: hubId, vendor: { name: 'Lontar' } }
    response.json(info)
  }
  return {
    'GET /': welcome,
    'GET /sync': welcome,
    'GET /sync/ehr': asNode(async (_caller, _request, response) => {
      // A replicator needs the name. Counts would tell what other facilities do.
      response.json({ db_name: 'ehr', instance_start_time: '0', update_seq: '0', doc_count: 0 })
    }),
    'POST /sync/ehr/_revs_diff': asNode(async (caller, request, response) => {
      await bodies.pushes.json(request, caller.nodeName, async (body) => {
        const revisions = checked(isRevsDiffRequest, body, 'the body')
        await send(caller, request, response, await compareRevisions(caller, revisions))
      })
    }),
    'POST /sync/ehr/_bulk_docs': asNode(async (caller, request, response) => {
      await bodies.pushes.json(request, caller.nodeName, async (body) => {
        const documents = checked(isBulkDocsRequest, body, 'the body')
        await refuseSuperseded(caller, request.get(SESSION))
        const { refusals, accepted, ...answer } = await pushDocuments(caller, documents)
        if (answer.status === 201) pushed({ accepted: accepted.length, refused: refusals.length })
        await noteRefusals(caller.nodeName, refusals, accepted)
        await send(caller, request, response, answer)
      })
    }),
    'GET /sync/ehr/_local/:id': asNode(async (caller, request, response) => {
      await send(caller, request, response, await getCheckpoint(caller, checkpointId(request)))
    }),
    'PUT /sync/ehr/_local/:id': asNode(async (caller, request, response) => {
      await bodies.checkpoints.json(request, caller.nodeName, async (body) => {
        const document = checked(isLocalDocument, body, 'the body')
        await send(caller, request, response, await putCheckpoint(caller, checkpointId(request), document))
      })
    }),
  }
}

function checkpointId(request: Request): string {
  const id = request.params['id']
  if (typeof id === 'string' && CHECKPOINT_ID.test(id)) return id
  throw new CodedError('INVALID_REQUEST', "A checkpoint's id is 1 to 200 printable characters.")
}

/** CouchDB's answer as it is, but for a failure of the database itself, which is no business of the caller. */
async function answered(
  answers: UntakenAnswers,
  { nodeName }: SyncCaller,
  request: Request,
  response: Response,
  { status, body }: CouchAnswer,
): Promise<void> {
  if (status >= 500) throw new CodedError('DATABASE_UNAVAILABLE', 'The database could not do this; try again.')
  const text = JSON.stringify(body)
  answers.hold(text, nodeName, response)
  response.status(status).setHeader('Content-Type', 'application/json')
  await sendCompressed(request, response, text)
}
