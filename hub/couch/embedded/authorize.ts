import type { Caller } from './accounts'
import { Refusal } from './answer'
import type { Databases, Security } from './databases'
import type { Route } from './routes'

/** Lets a request pass with the `_security` of its database, or refuses it in CouchDB's words and statuses. */
export async function authorize(
  databases: Pick<Databases, 'has' | 'securityOf'>,
  route: Route,
  caller: Caller,
): Promise<Security | undefined> {
  const isAdmin = caller.roles.includes('_admin')
  if (route.access === 'anyone') return undefined
  if (caller.name === null) {
    throw new Refusal(401, 'unauthorized', `You are not ${route.database ? DB_MEMBER : 'a server admin.'}`)
  }
  if (route.access === 'admin' && !isAdmin) {
    // CouchDB's own statuses: 401 even for a user whom it knows.
    if (route.rest?.startsWith('_design/')) throw new Refusal(403, 'forbidden', 'You are not a db or server admin.')
    throw new Refusal(401, 'unauthorized', 'You are not a server admin.')
  }
  if (route.database === undefined || route.kind === 'create') return undefined
  if (!databases.has(route.database)) throw new Refusal(404, 'not_found', 'Database does not exist.')
  const security = await databases.securityOf(route.database)
  if (!isAdmin && !isNamed(caller, security)) {
    throw new Refusal(403, 'forbidden', 'You are not allowed to access this db.')
  }
  return security
}

const DB_MEMBER = 'authorized to access this db.'

function isNamed(caller: Caller, security: Security): boolean {
  return [security.members, security.admins].some(
    ({ names = [], roles = [] }) =>
      (caller.name !== null && names.includes(caller.name)) || roles.some((role) => caller.roles.includes(role)),
  )
}
