import { CodedError } from '../../protocol/error-codes'
import { placeOfDocument } from '../../protocol/ids'
import type { BulkDocsRequest } from '../../schemas/generated/types'
import type { CouchAnswer, SyncCaller } from './couch-call'

type Document = BulkDocsRequest['docs'][number]

export const SECOND_PATIENT = 'The hub has another patient under this MRN; one of the two needs a new one.'

/**
 * The MRNs in a batch whose Patient is not the one that the hub has under it: their histories begin with different
 * revisions, so two machines registered two people. CouchDB would keep both as a conflict and show one of them, by chance.
 * A request names few patients, so this costs one look at the index of ids, one more where the hub knows some, and a third
 * where it may be another one.
 */
export async function secondPatients(caller: SyncCaller, documents: readonly Document[]): Promise<ReadonlySet<string>> {
  const second = new Set<string>()
  const roots = new Map<string, string>()
  for (const document of documents) {
    const root = isPatient(document._id) ? firstRevisionOf(document) : undefined
    if (root === undefined) continue
    if ((roots.get(document._id) ?? root) !== root) second.add(document._id)
    else roots.set(document._id, root)
  }
  const known = await knownAt(caller, [...roots.keys()])
  const missing = await missingAt(caller, Object.fromEntries(known.map((id) => [id, [roots.get(id) ?? '']])))
  const rootsAtHub = await rootsOf(caller, missing)
  for (const id of missing) {
    const there = rootsAtHub.get(id)
    if (!there?.has(roots.get(id) ?? '') && !there?.has(FORGOTTEN)) second.add(id)
  }
  return new Set([...second].map(mrnOf))
}

/** The beginning of a history of more revisions than a database keeps. */
const FORGOTTEN = ''

/** The MRN that a document belongs to, if it belongs to a patient. */
export function mrnOf(id: string): string {
  return id.slice(0, id.indexOf(':'))
}

function isPatient(id: string): boolean {
  return placeOfDocument(id)?.type === 'Patient'
}

/** Undefined where the document does not tell. A deletion makes no second patient of anything. */
function firstRevisionOf({ _rev, _revisions, _deleted }: Document): string | undefined {
  if (_deleted === true) return undefined
  if (_revisions === undefined) return _rev?.startsWith('1-') ? _rev : undefined
  const { start, ids } = _revisions
  return start === ids.length ? `1-${ids.at(-1)}` : undefined
}

/** Which of these ids the hub has, deleted or not. */
async function knownAt(caller: SyncCaller, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return []
  const rows = memberOf(await asked(caller, '/ehr/_all_docs', { keys: ids }), 'rows')
  return (Array.isArray(rows) ? rows : []).flatMap((row: unknown) => {
    const id = memberOf(row, 'id')
    return typeof id === 'string' && memberOf(row, 'error') === undefined ? [id] : []
  })
}

async function missingAt(caller: SyncCaller, roots: Record<string, string[]>): Promise<string[]> {
  if (Object.keys(roots).length === 0) return []
  const answer = await asked(caller, '/ehr/_revs_diff', roots)
  return Object.keys(roots).filter((id) => memberOf(answer, id) !== undefined)
}

/**
 * With which revisions the histories at the hub begin. PouchDB calls missing what it knows beneath a newer revision and
 * never had by itself: a patient who was corrected before the first push.
 */
async function rootsOf(caller: SyncCaller, ids: readonly string[]): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  if (ids.length === 0) return new Map()
  const body = await asked(caller, '/ehr/_bulk_get?revs=true', { docs: ids.map((id) => ({ id })) })
  const results = memberOf(body, 'results')
  return new Map(
    (Array.isArray(results) ? results : []).map((result: unknown) => {
      const leaves = memberOf(result, 'docs')
      const roots = (Array.isArray(leaves) ? leaves : []).flatMap((leaf: unknown) => rootIn(memberOf(leaf, 'ok')))
      return [String(memberOf(result, 'id')), new Set(roots)]
    }),
  )
}

function rootIn(leaf: unknown): string[] {
  const history = memberOf(leaf, '_revisions')
  const ids = memberOf(history, 'ids')
  if (!Array.isArray(ids)) return []
  return [memberOf(history, 'start') === ids.length ? `1-${ids.at(-1)}` : FORGOTTEN]
}

async function asked(caller: SyncCaller, path: string, body: object): Promise<CouchAnswer['body']> {
  const answer = await caller.ask('POST', path, body)
  if (answer.status === 200) return answer.body
  throw new CodedError('DATABASE_UNAVAILABLE', 'The database could not be asked for the patients; try again.')
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}
