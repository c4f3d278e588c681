import { randomBytes } from 'node:crypto'
import { link, mkdir, open, unlink } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { readFileIfThere } from '../runtime/atomic-file'
import { Secret, SettingsReader } from '../runtime/settings'
import { keyBytesOf } from './nodes/seal'

export interface HubSettings {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  readonly dataFolder: string
  /** Where the embedded store listens; without meaning where `couchdb` is set. */
  readonly couchPort: number
  /** A CouchDB of its own, without the credentials (they are in the secrets). Undefined: the embedded store. */
  readonly couchdbUrl?: string
  /** What edges call this hub from outside, where a request's own Host header does not say it. */
  readonly publicUrl?: string
  readonly tls?: { readonly certFile: string; readonly keyFile: string }
  readonly logLevel: string
}

export interface HubSecrets {
  readonly secretKey: Secret
  readonly operatorPassword: Secret
  /** The administrator's of the embedded store, whose name is `admin`. */
  readonly couchPassword: Secret
  /** The administrator of the CouchDB at `couchdbUrl`. */
  readonly couchdb?: { readonly username: string; readonly password: Secret }
}

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

/**
 * The hub's environment. Secrets that are not set are made once and kept in HUB_DATA, so that a hub on one machine
 * starts without any; with COUCHDB_URL several hubs share a database and must share them too, so they are required.
 */
export async function readHubSettings(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<{ settings: HubSettings; secrets: HubSecrets }> {
  const reader = new SettingsReader(env)
  const couchdb = readCouchdb(reader)
  const tls = readTls(reader)
  const publicUrl = reader.url('HUB_PUBLIC_URL', {
    accepts: (url) => /^https?:$/.test(url.protocol) && !url.username && !url.search && !url.hash,
    expected: 'the address of this hub as edges call it, such as https://hub.example.org',
  })
  const settings: HubSettings = {
    host: reader.text('HUB_HOST', '127.0.0.1'),
    port: reader.port('HUB_PORT', 8080),
    dataFolder: resolve(reader.text('HUB_DATA', './data/hub')),
    couchPort: reader.port('HUB_COUCH_PORT', 5984),
    ...(couchdb && { couchdbUrl: couchdb.url }),
    ...(publicUrl && { publicUrl: publicUrl.href.replace(/\/+$/, '') }),
    ...(tls && { tls }),
    logLevel: reader.choice('HUB_LOG_LEVEL', 'info', LEVELS),
  }
  const secretKey = reader.secret('HUB_SECRET_KEY')
  if (secretKey && !keyBytesOf(secretKey.reveal())) {
    reader.mistake('HUB_SECRET_KEY', '32 random bytes: 43 characters of base64url, or 64 of hex')
  }
  const operatorPassword = reader.secret('HUB_OPERATOR_PASSWORD')
  if (env['COUCHDB_URL']) {
    if (!secretKey) reader.mistake('HUB_SECRET_KEY', 'set where COUCHDB_URL is: all hubs of a database share it')
    if (!operatorPassword) reader.mistake('HUB_OPERATOR_PASSWORD', 'set where COUCHDB_URL is: all hubs share it')
  }
  reader.finish()
  return {
    settings: Object.freeze(settings),
    secrets: Object.freeze({
      secretKey: secretKey ?? (await kept(settings.dataFolder, 'secret-key')),
      operatorPassword: operatorPassword ?? (await kept(settings.dataFolder, 'operator-password')),
      couchPassword: couchdb?.admin.password ?? (await kept(settings.dataFolder, 'couch-password')),
      ...(couchdb && { couchdb: couchdb.admin }),
    }),
  }
}

/** Where the command line looks for the running hub, and the password that operators have. */
export async function readOperatorSettings(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<{ hubUrl: string; operatorPassword?: Secret }> {
  const reader = new SettingsReader(env)
  const url = reader.url('HUB_URL', {
    accepts: ({ protocol }) => protocol === 'https:' || protocol === 'http:',
    expected: 'the address of a running hub, such as http://127.0.0.1:8080',
  })
  reader.finish()
  const file = join(resolve(reader.text('HUB_DATA', './data/hub')), 'operator-password')
  const keptPassword = (await readFileIfThere(file))?.trim()
  const operatorPassword =
    reader.secret('HUB_OPERATOR_PASSWORD') ?? (keptPassword ? new Secret(keptPassword) : undefined)
  return {
    hubUrl: (url?.href ?? 'http://127.0.0.1:8080').replace(/\/+$/, ''),
    ...(operatorPassword && { operatorPassword }),
  }
}

function readCouchdb(
  reader: SettingsReader,
): { url: string; admin: { username: string; password: Secret } } | undefined {
  const url = reader.url('COUCHDB_URL', {
    accepts: ({ protocol, username, password }) => /^https?:$/.test(protocol) && username !== '' && password !== '',
    expected: 'the address of a CouchDB with its administrator, such as http://admin:password@127.0.0.1:5984',
  })
  if (!url) return undefined
  const admin = {
    username: decodeURIComponent(url.username),
    password: new Secret(decodeURIComponent(url.password)),
  }
  url.username = ''
  url.password = ''
  return { url: url.href.replace(/\/+$/, ''), admin }
}

function readTls(reader: SettingsReader): { certFile: string; keyFile: string } | undefined {
  const certFile = reader.text('HUB_TLS_CERT', '')
  const keyFile = reader.text('HUB_TLS_KEY', '')
  if (certFile && !keyFile) reader.mistake('HUB_TLS_KEY', 'set where HUB_TLS_CERT is: the file with its private key')
  if (keyFile && !certFile) reader.mistake('HUB_TLS_CERT', 'set where HUB_TLS_KEY is: the file with the certificate')
  return certFile && keyFile ? { certFile, keyFile } : undefined
}

/**
 * A secret of 32 random bytes in a file that only its owner can read. Two hubs that start in one folder at the same
 * moment end with the same secret: the file is linked into place as a whole, by the first alone.
 */
async function kept(folder: string, name: string): Promise<Secret> {
  const path = join(folder, name)
  const before = (await readFileIfThere(path))?.trim()
  if (before) return new Secret(before)
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.draft`
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(`${randomBytes(32).toString('base64url')}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  try {
    await link(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await unlink(draft)
  }
  const parent = await open(folder, 'r')
  await parent.sync().finally(() => parent.close())
  const now = (await readFileIfThere(path))?.trim()
  if (!now) throw new Error(`${path} is empty. It holds a secret of the hub: restore it from a backup.`)
  return new Secret(now)
}
