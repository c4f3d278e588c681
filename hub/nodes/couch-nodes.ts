import type { CouchDatabase } from '../couch/couch-database'
import type { NodeSessions } from '../couch/run-as'
import type { Database } from './database'
import type { Waiting } from './waiting'

/** A CouchDB database as this folder asks it. */
export function databaseOf(couch: CouchDatabase): Database {
  return {
    get: (id) => couch.get(id),
    put: async (document) => (await couch.put(document)).kind,
    remove: async (id, rev) => (await couch.remove({ _id: id, _rev: rev })).kind,
    async range(first, last) {
      const rows = await couch.allDocs({ startkey: first, endkey: last, includeDocs: true })
      return rows.flatMap(({ doc }) => doc ?? [])
    },
    async ids(first, last) {
      const rows = await couch.allDocs({ startkey: first, endkey: last })
      return rows.map(({ id }) => id)
    },
    counts: (designDoc, view) => couch.counts(designDoc, view),
  }
}

/** At most `limit`, by external ID and age. */
export async function waitingIn(nodes: CouchDatabase, limit: number): Promise<Waiting[]> {
  const rows = await nodes.view<string | null>('registrations', 'waiting', { limit })
  return rows.map(({ key, value }) => {
    const [externalId = '', requestedAt = '', id = ''] = key as unknown as string[]
    return { id, externalId, requestedAt, addressHash: value ?? undefined }
  })
}

/**
 * Whether CouchDB takes a name and password now; only for a password that is right. An open session is not enough: it may be
 * one of a password that was replaced, and then CouchDB answers it as nobody's. Nor is a refusal: CouchDB may know better by now.
 */
export function couchPasswordCheck(sessions: NodeSessions): (name: string, password: string) => Promise<boolean> {
  const isOpen = async (name: string, password: string) => {
    const ask = await sessions.asUser(name, password)
    if (ask === undefined) return undefined
    const { status, body } = await ask('GET', '/_session')
    return status === 200 && (body as { userCtx?: { name?: unknown } }).userCtx?.name === name
  }
  return async (name, password) => {
    sessions.forgetRefusal(name, password)
    const first = await isOpen(name, password)
    if (first !== false) return first ?? false
    sessions.forget(name, password)
    return (await isOpen(name, password)) ?? false
  }
}
