import { Refusal } from './answer'
import { isReserved } from './document-shape'

/** Who may: anybody, a user that the database's `_security` names, or the server admin. */
export type Access = 'anyone' | 'member' | 'admin'

export interface Route {
  readonly access: Access
  readonly kind: 'root' | 'up' | 'session' | 'fauxton' | 'server' | 'create' | 'security' | 'database' | 'document'
  readonly database?: string
  /** What follows the database: a document's id, or the name of something like `_all_docs`. */
  readonly rest?: string
}

type Rights = Readonly<Partial<Record<string, Access>>>

const SERVER: Readonly<Record<string, Rights>> = {
  _all_dbs: { GET: 'admin' },
  _uuids: { GET: 'admin' },
  _active_tasks: { GET: 'admin' },
  _membership: { GET: 'admin' },
  _cluster_setup: { GET: 'admin' },
}

const DATABASE: Readonly<Record<string, Rights>> = {
  _all_docs: { GET: 'member', POST: 'member' },
  _bulk_docs: { POST: 'member' },
  _bulk_get: { POST: 'member' },
  _changes: { GET: 'member', POST: 'member' },
  _revs_diff: { POST: 'member' },
  _ensure_full_commit: { POST: 'member' },
  _security: { GET: 'member', PUT: 'admin' },
  _compact: { POST: 'admin' },
  _view_cleanup: { POST: 'admin' },
}

const DOCUMENT: Rights = { GET: 'member', PUT: 'member', DELETE: 'member' }
const DESIGN_DOCUMENT: Rights = { GET: 'member', PUT: 'admin', DELETE: 'admin' }
const VIEW: Rights = { GET: 'member', POST: 'member' }
const READ: Rights = { GET: 'member' }

const DATABASE_NAME = /^(_users|_replicator|[a-z][a-z0-9_$()+-]{0,200})$/

/** What a request asks for, of all that is served here; anything else is refused, whoever asks. */
export function routeOf(givenMethod: string, path: string): Route {
  const method = givenMethod === 'HEAD' ? 'GET' : givenMethod
  const [first, ...others] = segmentsOf(path)
  if (first === undefined) return { kind: 'root', access: right({ GET: 'anyone' }, method) }
  if (first === '_utils') return { kind: 'fauxton', access: right({ GET: 'anyone' }, method) }
  if (first === '_up' && others.length === 0) return { kind: 'up', access: right({ GET: 'anyone' }, method) }
  if (first === '_session' && others.length === 0) {
    return { kind: 'session', access: right({ GET: 'anyone', POST: 'anyone', DELETE: 'anyone' }, method) }
  }
  const server = ownProperty(SERVER, first)
  if (server && others.length === 0) return { kind: 'server', access: right(server, method) }
  if (!DATABASE_NAME.test(first) || first.includes('-mrview-')) throw notFound()
  const route = databaseRoute(method, first, others)
  // The accounts are nobody's but the server admin's, their owners' included.
  return first === '_users' ? { ...route, access: 'admin' } : route
}

function databaseRoute(method: string, database: string, others: readonly string[]): Route {
  const rest = others.join('/')
  if (others.length === 0) {
    if (method === 'PUT') return { kind: 'create', access: 'admin', database }
    return { kind: 'database', access: right({ GET: 'member', POST: 'member', DELETE: 'admin' }, method), database }
  }
  const special = ownProperty(DATABASE, rest)
  if (special) {
    return {
      kind: rest === '_security' ? 'security' : 'database',
      access: right(special, method),
      database,
      rest,
    }
  }
  if (/^_design\/[^/]+$/.test(rest)) return { kind: 'document', access: right(DESIGN_DOCUMENT, method), database, rest }
  if (/^_design\/[^/]+\/_view\/[^/]+$/.test(rest)) {
    return { kind: 'database', access: right(VIEW, method), database, rest }
  }
  if (/^_design\/[^/]+\/_info$/.test(rest)) return { kind: 'database', access: right(READ, method), database, rest }
  if (isReserved(rest)) throw notFound()
  if (/^_local\/[^/]+$/.test(rest)) return { kind: 'document', access: right(DOCUMENT, method), database, rest }
  if (rest.startsWith('_')) throw notFound()
  if (!rest.includes('/')) return { kind: 'document', access: right(DOCUMENT, method), database, rest }
  // An attachment is read here and written with its document.
  return { kind: 'database', access: right(READ, method), database, rest }
}

function segmentsOf(path: string): string[] {
  try {
    const segments = path.split('/').slice(1).map(decodeURIComponent)
    if (segments.at(-1) === '') segments.pop()
    if (segments.some((segment) => segment === '' || segment === '..' || segment.includes('\0'))) throw notFound()
    return segments
  } catch (error) {
    throw error instanceof URIError ? new Refusal(400, 'bad_request', 'The path is not valid.') : error
  }
}

function right(rights: Rights, method: string): Access {
  const access = ownProperty(rights, method)
  if (access) return access
  throw new Refusal(405, 'method_not_allowed', `Only ${Object.keys(rights).join(',')} allowed`)
}

function ownProperty<T>(table: Readonly<Record<string, T | undefined>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}

function notFound(): Refusal {
  return new Refusal(404, 'not_found', 'missing')
}
