import { isObject, Refusal } from './answer'
import { checkDocument, invalidRevision, isReserved } from './document-shape'
import { REVISION } from './query'
import type { Route } from './routes'

type Body = Record<string, unknown>

/**
 * Refuses what CouchDB refuses as a whole, in its words, before express-pouchdb sees it: there some of it is stored
 * under another id than the address says, and some of it ends the process.
 */
export function checkDocuments(method: string, route: Route, body: Body, query: URLSearchParams): void {
  const { kind, rest } = route
  if (kind === 'document') {
    if (method === 'PUT') checkPut(rest ?? '', body, query)
    // express-pouchdb deletes the newest revision where none is named.
    if (method === 'DELETE' && !query.has('rev') && !rest?.startsWith('_local/')) {
      throw new Refusal(409, 'conflict', 'Document update conflict.')
    }
  } else if (method === 'POST') {
    if (rest === undefined) checkDocument(body)
    else if (rest === '_bulk_docs') checkBulk(body)
    else if (rest === '_revs_diff') checkRevisions(body)
    else if (rest === '_bulk_get') checkBulkGet(body)
    else checkSelection(body)
  }
}

function checkPut(id: string, body: Body, query: URLSearchParams): void {
  if (body['_id'] !== undefined && body['_id'] !== id) {
    throw new Refusal(400, 'bad_request', 'Document ID must match the one in the address')
  }
  body['_id'] = id
  body['_rev'] ??= query.get('rev') ?? undefined
  if (id.startsWith('_local/')) {
    // Revisions of local documents have a form of their own, 0-1, 0-2, ….
    if (body['_rev'] !== undefined && !/^0-[0-9]{1,15}$/.test(String(body['_rev']))) throw invalidRevision()
    return
  }
  checkDocument(body)
}

function checkBulk(body: Body): void {
  const docs = body['docs']
  if (docs === undefined) throw new Refusal(400, 'bad_request', 'POST body must include `docs` parameter.')
  if (!Array.isArray(docs)) throw new Refusal(400, 'bad_request', '`docs` parameter must be an array.')
  const newEdits = body['new_edits']
  if (newEdits !== undefined && typeof newEdits !== 'boolean') {
    throw new Refusal(400, 'bad_request', '`new_edits` must be true or false.')
  }
  for (const doc of docs) {
    if (!isObject(doc)) throw new Refusal(400, 'bad_request', 'Document must be a JSON object')
    checkDocument(doc)
    if (newEdits === false && doc['_rev'] === undefined && doc['_revisions'] === undefined) {
      throw new Refusal(
        400,
        'bad_request',
        'When `new_edits: false`, the document needs `_rev` or `_revisions` specified',
      )
    }
  }
}

function checkRevisions(body: Body): void {
  for (const revisions of Object.values(body)) {
    const isList = Array.isArray(revisions) && revisions.every((rev) => typeof rev === 'string' && REVISION.test(rev))
    if (!isList) throw invalidRevision()
  }
}

function checkBulkGet(body: Body): void {
  const docs = body['docs']
  if (!Array.isArray(docs)) throw new Refusal(400, 'bad_request', "Missing JSON list of 'docs'.")
  for (const doc of docs) {
    if (!isObject(doc) || typeof doc['id'] !== 'string') {
      throw new Refusal(400, 'bad_request', 'Each of `docs` must be an object with an `id`')
    }
    if (isReserved(doc['id'])) throw new Refusal(403, 'forbidden', 'This local document is the store’s own.')
    if (doc['rev'] !== undefined && !(typeof doc['rev'] === 'string' && REVISION.test(doc['rev']))) {
      throw invalidRevision()
    }
  }
}

const FLAGS = [
  'include_docs',
  'descending',
  'conflicts',
  'inclusive_end',
  'reduce',
  'group',
  'update_seq',
  'attachments',
]
const COUNTS = ['limit', 'skip', 'group_level']
const KEYS = ['key', 'keys', 'startkey', 'endkey', 'start_key', 'end_key', 'doc_ids']

/** What `_all_docs`, `_changes` and views take in a body, which express-pouchdb spreads over PouchDB's options too. */
function checkSelection(body: Body): void {
  for (const [name, value] of Object.entries(body)) {
    const isFlag = FLAGS.includes(name) && typeof value === 'boolean'
    const isCount = COUNTS.includes(name) && Number.isSafeInteger(value) && Number(value) >= 0
    const isKey = KEYS.includes(name) && (!['keys', 'doc_ids'].includes(name) || Array.isArray(value))
    if (isFlag || isCount || isKey) continue
    if ([...FLAGS, ...COUNTS, ...KEYS].includes(name)) {
      throw new Refusal(400, 'query_parse_error', `Invalid value for ${name}`)
    }
    delete body[name]
  }
  for (const [alias, name] of [
    ['start_key', 'startkey'],
    ['end_key', 'endkey'],
  ] as const) {
    if (!(alias in body)) continue
    body[name] = body[alias]
    delete body[alias]
  }
}
