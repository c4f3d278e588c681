import { randomUUID } from 'node:crypto'
import { contentHash } from '../../design-docs/content-hash'
import { CodedError } from '../../protocol/error-codes'
import { backOffMs, pause } from '../../runtime/back-off'
import type { Log } from '../../runtime/log'
import { PlainError } from '../../runtime/plain-error'
import { AdministratorRefusedError } from './administrator'
import type { Couch } from './connect'
import type { CouchDatabase } from './couch-database'
import { type BuiltDesignDoc, designDocsOf } from './design-docs'

const ADMIN_ONLY = { admins: { names: [], roles: ['_admin'] }, members: { names: [], roles: ['_admin'] } }
const NODES_TOO = { admins: { names: [], roles: ['_admin'] }, members: { names: [], roles: ['node'] } }

/** The hub's databases, and CouchDB's own that a single node misses: without them its log fills with complaints. */
const DATABASES = [
  { name: '_users', security: ADMIN_ONLY },
  { name: '_replicator', security: ADMIN_ONLY },
  { name: 'nodes', security: ADMIN_ONLY },
  { name: 'node_security', security: ADMIN_ONLY },
  { name: 'audit', security: ADMIN_ONLY },
  { name: 'ehr', security: NODES_TOO },
] as const

/** How long a start waits for a CouchDB that does not answer yet. */
const WAIT_MS = 60_000
const BACK_OFF = { firstMs: 250, mostMs: 4_000 }
/** Gateways that write the same design document at the same moment: the loser looks again. */
const ATTEMPTS = 5

/**
 * Makes an empty CouchDB into a hub's, and leaves one that is as it is. Several gateways may do it at the same moment, and
 * any of them may be killed in the middle: each step looks first, and somebody else's success is as good as one's own.
 * A CouchDB that does not answer, also in the middle of it, is waited for: then it begins from the start.
 */
export async function setUpCouch(
  couch: Couch,
  options: { readonly log: Log; readonly signal: AbortSignal; readonly waitMs?: number },
): Promise<{ hubId: string }> {
  const deadline = performance.now() + (options.waitMs ?? WAIT_MS)
  for (let failures = 1; ; failures++) {
    try {
      return await setUpOnce(couch, options.log)
    } catch (error) {
      if (error instanceof AdministratorRefusedError) {
        const locked = error.isLocked ? ' (it says: locked after too many wrong passwords; wait five minutes)' : ''
        throw new PlainError(
          `The CouchDB at ${couch.url} does not accept the administrator's name and password${locked}.`,
        )
      }
      if (!(error instanceof CodedError)) throw error
      if (options.signal.aborted || performance.now() >= deadline) {
        throw new PlainError(`The CouchDB at ${couch.url} does not answer.`, { cause: error })
      }
      options.log.warn({ err: error.cause, failures }, 'waiting for CouchDB')
      await pause(backOffMs(failures, BACK_OFF, Math.random), options.signal)
    }
  }
}

async function setUpOnce(couch: Couch, log: Log): Promise<{ hubId: string }> {
  const { features } = await couch.welcome()
  for (const { name } of DATABASES) {
    const partitioned = name === 'ehr' && features.includes('partitioned')
    if (await couch.createDatabase(name, { partitioned })) log.info({ database: name, partitioned }, 'created')
  }
  for (const database of ['ehr', 'audit', 'nodes'] as const) {
    for (const doc of designDocsOf(database)) {
      const outcome = await putDesignDoc(couch.database(database), doc)
      if (outcome === 'restored') {
        log.warn(
          { database, id: doc._id },
          'this design document had been changed by hand; it is what it should be again',
        )
      }
      if (outcome === 'written') log.info({ database, id: doc._id }, 'written')
    }
  }
  // Last, so that nodes are let in once the validators are there.
  for (const { name, security } of DATABASES) await couch.putSecurity(name, security)
  return { hubId: await hubIdOf(couch.database('nodes')) }
}

/**
 * `there`: nothing was written where the database has the same content, so that no index is built anew. The content itself
 * is looked at, and not the hash that stands beside it: that would still be right in one whose rules somebody has emptied.
 */
async function putDesignDoc(database: CouchDatabase, doc: BuiltDesignDoc): Promise<'there' | 'written' | 'restored'> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = await database.get<BuiltDesignDoc>(doc._id)
    const isSameVersion = before?.lontar?.sha256 === doc.lontar.sha256
    if (before && isSameVersion && contentHash(before) === doc.lontar.sha256) return 'there'
    const outcome = await database.put({ ...doc, ...(before && { _rev: before._rev }) })
    if (outcome.kind === 'written') return isSameVersion ? 'restored' : 'written'
  }
  throw new Error(`${doc._id} could not be written: another program keeps changing it.`)
}

/** The id that the hub has at whichever gateway; whoever came first has made it. */
async function hubIdOf(nodes: CouchDatabase): Promise<string> {
  const known = await nodes.get<{ hubId: string }>('hub')
  if (known) return known.hubId
  const hubId = randomUUID()
  const outcome = await nodes.put({ _id: 'hub', kind: 'hub', hubId } as { _id: string })
  return outcome.kind === 'written' ? hubId : hubIdOf(nodes)
}
