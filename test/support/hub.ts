import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { couchAddressOf } from '../../hub/couch/address'
import { type Answer, askJson, basic, freePort } from './ask'
import { wipe } from './couch'
import { type Running, startProgram, temporaryFolder } from './processes'

export interface RunningHub extends Running {
  readonly operatorPassword: string
  /** The database behind it, and how to ask it as its administrator. */
  readonly couchUrl: string
  readonly couchAuthorization: string
  couch(path: string, options?: Parameters<typeof askJson>[2]): Promise<Answer>
  /** One request to the hub as the operator. */
  operator(path: string, options?: { method?: string; body?: unknown }): Promise<Answer>
  /** Stops it and removes its data. */
  remove(): Promise<void>
}

const OPERATOR_PASSWORD = 'operator-password-of-the-tests'
const SECRET_KEY = Buffer.alloc(32, 7).toString('base64url')

/**
 * A hub as a process: on the CouchDB at COUCHDB_URL, emptied before, or on its embedded store in a folder of its own.
 */
export async function startHub(env: Readonly<Record<string, string>> = {}): Promise<RunningHub> {
  const folder = await temporaryFolder()
  const couchdbUrl = process.env['COUCHDB_URL']
  if (couchdbUrl && !env['COUCHDB_URL']) await wipe(couchAddressOf(couchdbUrl))
  const program = await startProgram(
    ['hub'],
    {
      HUB_DATA: folder.path,
      HUB_COUCH_PORT: String(await freePort()),
      HUB_OPERATOR_PASSWORD: OPERATOR_PASSWORD,
      HUB_SECRET_KEY: SECRET_KEY,
      HUB_LOG_LEVEL: 'warn',
      // Many facilities stand at the one address of this machine.
      HUB_RATE_ADDRESS: '1000000',
      HUB_RATE_NODE: '1000000',
      HUB_RATE_REGISTRATIONS: '1000000',
      HUB_RATE_FAILURES: '1000000',
      ...(couchdbUrl ? { COUCHDB_URL: couchdbUrl } : {}),
      ...env,
    },
    'HUB_PORT',
    folder.path,
  )
  const base = couchdbUrl ? new URL(couchdbUrl) : await embeddedStore(program)
  const authorization = basic(decodeURIComponent(base.username), decodeURIComponent(base.password))
  const couchUrl = `${base.protocol}//${base.host}`
  return Object.assign(Object.create(program) as Running, {
    operatorPassword: OPERATOR_PASSWORD,
    couchUrl,
    couchAuthorization: authorization,
    couch: (path: string, options = {}) => askJson(`${couchUrl}${path}`, authorization, options),
    operator: (path: string, options = {}) =>
      askJson(`${program.url}${path}`, basic('operator', OPERATOR_PASSWORD), options),
    remove: async () => {
      await program.kill()
      await folder.remove()
    },
  })
}

async function embeddedStore(program: Running): Promise<URL> {
  const url = new URL(/store (http[^\s)]+)/.exec(program.output())?.[1] ?? '')
  url.username = 'admin'
  url.password = (await readFile(join(program.dataFolder, 'couch-password'), 'utf8')).trim()
  return url
}
