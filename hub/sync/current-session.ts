import { CodedError } from '../../protocol/error-codes'
import { currentSession, PUSH_CHECKPOINT } from '../../protocol/push-checkpoint'
import type { SyncCaller } from './couch-call'
import { getCheckpoint } from './local-documents'

/**
 * Two machines with the same data push under one name. Each puts its session on top of the node's checkpoint before it
 * sends anything, so that the batches of the one before are refused from then on, whichever gateway they come to:
 *
 *     a starts: [a]   a's batches are taken   a copy starts: [b, a]   a's next batch: 409, before anything of it is written
 *
 * The checkpoint is read for each batch: remembered for seconds, it would let in the very batches that this is against.
 * A request without a session (a stock replicator) is not asked for one.
 *
 * Reading and writing are two steps: a batch that CouchDB is writing at the moment in which another session begins is
 * written to its end. Patients that both have are told apart by `second-patients.ts`.
 */
export async function refuseSuperseded(caller: SyncCaller, sessionId: string | undefined): Promise<void> {
  if (sessionId === undefined) return
  const { status, body } = await getCheckpoint(caller, PUSH_CHECKPOINT)
  if (status !== 200 && status !== 404)
    throw new CodedError('DATABASE_UNAVAILABLE', 'The checkpoint could not be read; try again.')
  if (status === 404 || currentSession(body) !== sessionId)
    throw new CodedError('SESSION_SUPERSEDED', 'The checkpoint names another session; compare the checkpoints.')
}
