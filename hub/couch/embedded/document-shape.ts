import { isObject, Refusal } from './answer'
import { REVISION } from './query'

/** Members that begin with an underscore and are CouchDB's own. */
const SPECIAL = new Set([
  '_id',
  '_rev',
  '_deleted',
  '_revisions',
  '_attachments',
  '_conflicts',
  '_revs_info',
  '_local_seq',
])

/**
 * Local documents in which this store and PouchDB keep what is theirs: who may read the database, and its views. CouchDB
 * keeps it elsewhere; here whoever writes any local document could make himself its administrator.
 */
const RESERVED = new Set(['_local/_security', '_local/mrviews'])

export function isReserved(id: unknown): boolean {
  return typeof id === 'string' && RESERVED.has(id)
}

/** Refuses a document that CouchDB would refuse before it asks any validator. */
export function checkDocument(doc: Record<string, unknown>): void {
  const id = doc['_id']
  if (id !== undefined && typeof id !== 'string')
    throw new Refusal(400, 'illegal_docid', 'Document id must be a string')
  if (id !== undefined && (id === '' || (id.startsWith('_') && !/^_(design|local)\/./.test(id)))) {
    throw new Refusal(400, 'illegal_docid', 'Only reserved document ids may start with underscore.')
  }
  if (isReserved(id)) throw new Refusal(403, 'forbidden', 'This local document is the store’s own.')
  const revision = doc['_rev']
  const ofLocal = typeof id === 'string' && id.startsWith('_local/')
  if (revision !== undefined && !ofLocal && !(typeof revision === 'string' && REVISION.test(revision))) {
    throw invalidRevision()
  }
  for (const name of Object.keys(doc)) {
    if (name.startsWith('_') && !SPECIAL.has(name)) {
      throw new Refusal(400, 'doc_validation', `Bad special document member: ${name.slice(0, 50)}`)
    }
  }
  if (doc['_deleted'] !== undefined && typeof doc['_deleted'] !== 'boolean') {
    throw new Refusal(400, 'doc_validation', '_deleted must be true or false')
  }
  checkHistory(doc)
  checkAttachments(doc['_attachments'])
}

/**
 * PouchDB takes one without a content type, and prints its document's `_id` on the console: an MRN (law 10). One without
 * data ends the process.
 */
function checkAttachments(attachments: unknown): void {
  if (attachments === undefined) return
  if (!isObject(attachments) || !Object.values(attachments).every(isAttachment)) {
    throw new Refusal(400, 'doc_validation', '_attachments must be an object of typed attachments with data')
  }
}

function isAttachment(one: unknown): boolean {
  if (!isObject(one) || typeof one['content_type'] !== 'string' || one['content_type'] === '') return false
  if (one['stub'] === true) return typeof one['digest'] === 'string' && one['data'] === undefined
  return typeof one['data'] === 'string' && BASE64.test(one['data']) && one['data'].length % 4 === 0
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

function checkHistory(doc: Record<string, unknown>): void {
  const history = doc['_revisions']
  if (history === undefined) return
  const { start, ids } = isObject(history) ? history : {}
  const isHistory =
    Number.isSafeInteger(start) &&
    Array.isArray(ids) &&
    ids.length > 0 &&
    ids.length <= Number(start) &&
    ids.every((id) => typeof id === 'string' && /^[A-Za-z0-9]{1,64}$/.test(id))
  if (!isHistory) throw new Refusal(400, 'doc_validation', '_revisions is not a history')
  const newest = `${start}-${ids[0]}`
  if (doc['_rev'] === undefined) doc['_rev'] = newest
  else if (doc['_rev'] !== newest) throw new Refusal(400, 'doc_validation', '_rev is not the newest of _revisions')
}

export function invalidRevision(): Refusal {
  return new Refusal(400, 'bad_request', 'Invalid rev format')
}
