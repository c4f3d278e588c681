import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CouchAddress, couchAddressOf } from '../../hub/couch/address'
import { connect } from '../../hub/couch/connect'
import { startEmbeddedStore } from '../../hub/couch/embedded-store'
import { createLog } from '../../runtime/log'
import { Secret } from '../../runtime/settings'

export interface TestCouch {
  /** With the administrator's credentials, for COUCHDB_URL. */
  readonly url: string
  readonly address: CouchAddress
  readonly kind: 'embedded' | 'couchdb'
  stop(): Promise<void>
}

const ADMIN = { username: 'admin', password: 'admin-secret' }
const DATABASES = ['ehr', 'nodes', 'node_security', 'audit']

/**
 * An empty store: the embedded one in a folder of its own, or the CouchDB at COUCHDB_URL, wiped. The names of the hub's
 * databases are fixed, so tests against one CouchDB run one after the other (jest --runInBand).
 */
export async function startCouch(): Promise<TestCouch> {
  const given = process.env['COUCHDB_URL']
  if (given) {
    await wipe(couchAddressOf(given))
    return { url: given, address: couchAddressOf(given), kind: 'couchdb', stop: async () => undefined }
  }
  const folder = await mkdtemp(join(tmpdir(), 'lontar-couch-'))
  const store = await startEmbeddedStore({
    folder,
    host: '127.0.0.1',
    port: 0,
    admin: { username: ADMIN.username, password: new Secret(ADMIN.password) },
    log: createLog('store', 'error'),
  })
  const url = store.url.replace('://', `://${ADMIN.username}:${ADMIN.password}@`)
  return {
    url,
    address: couchAddressOf(url),
    kind: 'embedded',
    async stop() {
      await store.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export async function wipe(address: CouchAddress): Promise<void> {
  const couch = connect(address)
  try {
    for (const name of DATABASES) await couch.destroyDatabase(name)
    await couch.createDatabase('_users')
    const users = couch.database('_users')
    for (const { id, value } of await users.allDocs({ startkey: 'org.couchdb.user:', endkey: 'org.couchdb.user;' })) {
      await users.remove({ _id: id, _rev: value.rev })
    }
  } finally {
    await couch.stop()
  }
}
