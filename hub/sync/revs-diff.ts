import type { RevsDiffRequest } from '../../schemas/generated/types'
import type { CouchAnswer, SyncCaller } from './couch-call'
import { objectionTo } from './objection'

/**
 * Which revisions the hub lacks. For an id outside the caller's prefix the answer is "all of them", without a look at the
 * database: so the answer tells nothing about another facility's records.
 */
export async function compareRevisions(caller: SyncCaller, request: RevsDiffRequest): Promise<CouchAnswer> {
  const own: RevsDiffRequest = {}
  const foreign: Record<string, { missing: string[] }> = {}
  for (const [id, revs] of Object.entries(request)) {
    if (objectionTo(caller.externalId, { _id: id }) === undefined) own[id] = revs
    else foreign[id] = { missing: revs }
  }
  if (Object.keys(own).length === 0) return { status: 200, body: foreign }
  const answer = await caller.ask('POST', '/ehr/_revs_diff', own)
  if (answer.status !== 200 || typeof answer.body !== 'object') return answer
  return { status: 200, body: { ...answer.body, ...foreign } }
}
