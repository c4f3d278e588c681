import { Refusal } from './answer'

type Kind = 'boolean' | 'count' | 'json' | 'text' | 'revision' | 'feed' | 'update'

/** The query parameters that are understood, and what each may hold. */
const PARAMETERS: Readonly<Record<string, Kind>> = {
  attachments: 'boolean',
  conflicts: 'boolean',
  deleted_conflicts: 'boolean',
  descending: 'boolean',
  group: 'boolean',
  include_docs: 'boolean',
  inclusive_end: 'boolean',
  latest: 'boolean',
  new_edits: 'boolean',
  reduce: 'boolean',
  revs: 'boolean',
  revs_info: 'boolean',
  update_seq: 'boolean',
  group_level: 'count',
  heartbeat: 'count',
  limit: 'count',
  skip: 'count',
  doc_ids: 'json',
  endkey: 'json',
  key: 'json',
  keys: 'json',
  open_revs: 'json',
  startkey: 'json',
  externalId: 'text',
  filter: 'text',
  since: 'text',
  style: 'text',
  feed: 'feed',
  update: 'update',
  rev: 'revision',
}

/** What PouchDB calls CouchDB's `update`: whether a view is brought up to date before, after, or not at all. */
const STALE: Readonly<Record<string, string | undefined>> = { lazy: 'update_after', false: 'ok', true: undefined }

const ALIASES: Readonly<Record<string, string>> = { start_key: 'startkey', end_key: 'endkey' }

export const REVISION = /^[1-9][0-9]{0,15}-[A-Za-z0-9]{1,64}$/

/**
 * The query as it is handed on: known parameters of the right form, everything else left away as CouchDB does.
 * express-pouchdb spreads the query over PouchDB's options as it comes, and PouchDB meets a value of another type
 * inside a callback, where throwing ends the process.
 */
export function cleanQuery(query: URLSearchParams): URLSearchParams {
  const clean = new URLSearchParams()
  for (const [given, value] of query) {
    const name = ALIASES[given] ?? given
    const kind = Object.hasOwn(PARAMETERS, name) ? PARAMETERS[name] : undefined
    if (kind === undefined) continue
    check(name, kind, value)
    if (kind !== 'update') clean.set(name, value)
    else if (STALE[value]) clean.set('stale', STALE[value])
  }
  return clean
}

function check(name: string, kind: Kind, value: string): void {
  switch (kind) {
    case 'boolean':
      if (value !== 'true' && value !== 'false') throw wrong(`Invalid boolean parameter: ${name}`)
      return
    case 'count':
      if (!/^[0-9]{1,9}$/.test(value)) throw wrong(`Invalid value for integer: ${name}`)
      return
    case 'json':
      checkJson(name, value)
      return
    case 'text':
      if (!/^[\w./-]{1,200}$/.test(value)) throw wrong(`Invalid value for ${name}`)
      return
    case 'revision':
      if (!REVISION.test(value)) throw new Refusal(400, 'bad_request', 'Invalid rev format')
      return
    case 'feed':
      // A continuous feed of express-pouchdb is never ended, not even when its reader has gone.
      if (value !== 'normal' && value !== 'longpoll') throw wrong('Only normal and longpoll feeds are served')
      return
    case 'update':
      if (!Object.hasOwn(STALE, value)) throw wrong('Invalid value for update')
      return
    default:
      kind satisfies never
  }
}

function checkJson(name: string, value: string): void {
  if (name === 'open_revs' && value === 'all') return
  let parsed: unknown
  try {
    parsed = JSON.parse(value)
  } catch {
    throw new Refusal(400, 'bad_request', 'invalid UTF-8 JSON')
  }
  const isList = name === 'keys' || name === 'doc_ids' || name === 'open_revs'
  if (isList && !Array.isArray(parsed)) throw wrong(`${name} must be an array`)
  if (name === 'open_revs' && !(parsed as unknown[]).every((rev) => typeof rev === 'string' && REVISION.test(rev))) {
    throw new Refusal(400, 'bad_request', 'Invalid rev format')
  }
}

function wrong(reason: string): Refusal {
  return new Refusal(400, 'query_parse_error', reason)
}
