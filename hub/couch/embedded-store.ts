import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import expressPouchDB from 'express-pouchdb'
import { readFileIfThere, writeFileAtomically } from '../../runtime/atomic-file'
import { listen } from '../../runtime/http-server'
import type { Log } from '../../runtime/log'
import type { Stoppable } from '../../runtime/service'
import type { Secret } from '../../runtime/settings'
import { Accounts } from './embedded/accounts'
import { Refusal, refuse } from './embedded/answer'
import { BackgroundIndex } from './embedded/background-index'
import { Databases } from './embedded/databases'
import { createFront } from './embedded/front'
import { Validators } from './embedded/validators'
import { guardWrites, type Writable } from './embedded/writes'

export interface EmbeddedStore extends Stoppable {
  /** Without credentials, for example `http://127.0.0.1:5984`. */
  readonly url: string
}

/**
 * A store for a hub without a CouchDB of its own: PouchDB on LevelDB behind CouchDB's HTTP, with Fauxton at `/_utils/`.
 * Everything is on the disk before it is answered (law 3), and nothing is open to anybody without a password.
 *
 * express-pouchdb is ten years old and trusts its callers, so it stands behind a door of our own (`embedded/`), which
 * also has the accounts, `_security` and the validators in place of its own.
 */
export async function startEmbeddedStore(options: {
  readonly folder: string
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  readonly admin: { readonly username: string; readonly password: Secret }
  readonly log: Log
}): Promise<EmbeddedStore> {
  const databases = await Databases.in(options.folder)
  const validators = new Validators(databases)
  const index = new BackgroundIndex(databases, options.log)
  const express = expressPouchDB(databases.PouchDB, {
    mode: 'minimumForPouchDB',
    overrideMode: {
      include: [
        'config-infrastructure',
        'routes/active-tasks',
        'routes/cluster',
        'routes/ddoc-info',
        'routes/fauxton',
        'routes/uuids',
      ],
      exclude: ['compression', 'routes/root', 'routes/session-stub', 'routes/temp-views'],
    },
    inMemoryConfig: true,
  })
  express.dbWrapper.registerWrapper(async (name, database, next) => {
    // Until it is open PouchDB calls its own methods a second time, and would meet the guard twice.
    await (database as Writable).info()
    guardWrites(name, database as Writable, validators, (written) => index.written(written))
    return next()
  })
  express.use((error: unknown, _request: never, response: Parameters<typeof refuse>[0], _next: never) => {
    options.log.error({ err: error }, 'express-pouchdb failed')
    refuse(response, new Refusal(500, 'unknown_error', 'The store failed; its log says why.'))
  })
  const accounts = new Accounts(
    options.admin,
    (name) => databases.document('_users', `org.couchdb.user:${name}`),
    Date.now,
  )
  const front = createFront({
    accounts,
    databases,
    express,
    forgetValidators: (name) => validators.forget(name),
    log: options.log,
    uuid: await uuidOf(options.folder),
  })
  const server = await listen(front, { host: options.host, port: options.port, setting: 'HUB_COUCH_PORT' })
  let stopping: Promise<void> | undefined
  return {
    url: server.url,
    stop: () => {
      stopping ??= server
        .stop()
        .then(() => index.stop())
        .then(() => databases.close())
      return stopping
    },
  }
}

/** Replicators build the names of their checkpoints from it, so it stays. */
async function uuidOf(folder: string): Promise<string> {
  const file = join(folder, 'uuid')
  const known = (await readFileIfThere(file))?.trim()
  if (known) return known
  const made = randomUUID().replaceAll('-', '')
  await writeFileAtomically(file, `${made}\n`)
  return made
}
