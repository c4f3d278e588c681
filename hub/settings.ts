import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { isLoopback, Secret, SettingsReader } from '../runtime/settings'
import type { TlsPlaces } from '../runtime/tls-files'
import { CONSENT_POLICIES, type ConsentPolicy } from './consent/judge-item'
import { couchAddressOf } from './couch/address'
import { keptSecret, readKeptSecret } from './kept-secret'
import type { Rates } from './limits/request-rates'
import { keyBytesOf } from './nodes/seal'
import { FIRST } from './operators/accounts'
import type { SessionTimes } from './operators/sessions'

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
  readonly tls?: TlsPlaces
  /** Whose word is taken for a caller's address and protocol: so many proxies in front, or these. Undefined: nobody's. */
  readonly trustProxy?: number | readonly string[]
  readonly rates: Rates
  readonly logLevel: string
  /** What is released where no Consent says anything. */
  readonly consentPolicy: ConsentPolicy
  readonly operatorSessions: SessionTimes
  /** How long a node's old credentials work beside new ones, where an operator asks for an overlap. */
  readonly rotationOverlapMs: number
  /** How often the rules of alerts are held against what is so. */
  readonly alertEveryMs: number
}

export interface HubSecrets {
  readonly secretKey: Secret
  /** The one before, while it is being replaced: opens what it has sealed, and seals nothing. */
  readonly previousSecretKey?: Secret
  /** The one before is lost, and what it has sealed with it: the operator has said so. */
  readonly isPreviousKeyLost?: true
  readonly operatorPassword: Secret
  /** Whoever shows it reads `/metrics`; without it there is no such page. */
  readonly metricsToken?: Secret
  /** Where e-mail goes out, with its name and password, and in whose name. */
  readonly mailServer?: { readonly url: Secret; readonly from: string }
  /** The administrator's of the embedded store, whose name is `admin`. */
  readonly couchPassword: Secret
  /** The administrator of the CouchDB at `couchdbUrl`. */
  readonly couchdb?: { readonly username: string; readonly password: Secret }
}

/** In place of a previous key that nobody has any more. */
const LOST = 'lost'
const KEY_FORM = '32 random bytes: 43 characters of base64url, or 64 of hex'
/** What RFC 6750 lets a bearer token be, long enough not to be guessed. */
const METRICS_TOKEN = /^[A-Za-z0-9._~+/-]{16,200}$/

const IDLE_MINUTES = { least: 2, most: 720, expected: 'whole minutes from 2 to 720' }
const SESSION_HOURS = { least: 1, most: 168, expected: 'whole hours from 1 to 168' }
const OVERLAP_HOURS = { least: 1, most: 720, expected: 'whole hours from 1 to 720' }
const ALERT_SECONDS = { least: 1, most: 3_600, expected: 'whole seconds from 1 to 3600' }
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
  const trustProxy = readTrustProxy(reader)
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
    ...(trustProxy !== undefined && { trustProxy }),
    rates: readRates(reader),
    logLevel: reader.choice('HUB_LOG_LEVEL', 'info', LEVELS),
    consentPolicy: reader.choice('HUB_CONSENT_POLICY', 'permit-unless-refused', CONSENT_POLICIES),
    operatorSessions: {
      idleMs: reader.whole('HUB_SESSION_IDLE_MINUTES', 30, IDLE_MINUTES) * 60_000,
      absoluteMs: reader.whole('HUB_SESSION_HOURS', 12, SESSION_HOURS) * 3_600_000,
    },
    rotationOverlapMs: reader.whole('HUB_ROTATION_OVERLAP_HOURS', 24, OVERLAP_HOURS) * 3_600_000,
    alertEveryMs: reader.whole('HUB_ALERT_SECONDS', 60, ALERT_SECONDS) * 1_000,
  }
  const secretKey = reader.secret('HUB_SECRET_KEY')
  const isLost = env['HUB_SECRET_KEY_PREVIOUS'] === LOST
  const previousKey = isLost ? undefined : reader.secret('HUB_SECRET_KEY_PREVIOUS')
  for (const [name, key] of Object.entries({ HUB_SECRET_KEY: secretKey, HUB_SECRET_KEY_PREVIOUS: previousKey })) {
    if (key && !keyBytesOf(key.reveal())) {
      reader.mistake(name, name === 'HUB_SECRET_KEY' ? KEY_FORM : `${KEY_FORM}; or ${LOST}`)
    }
  }
  if (secretKey && secretKey.reveal() === previousKey?.reveal()) {
    reader.mistake('HUB_SECRET_KEY_PREVIOUS', 'another one than HUB_SECRET_KEY: the one before it')
  }
  const operatorPassword = reader.secret('HUB_OPERATOR_PASSWORD')
  const metricsToken = reader.secret('HUB_METRICS_TOKEN')
  if (metricsToken && !METRICS_TOKEN.test(metricsToken.reveal())) {
    reader.mistake('HUB_METRICS_TOKEN', '16 to 200 letters and digits, or - . _ ~ + / among them')
  }
  const mailServer = readMailServer(reader)
  if (env['COUCHDB_URL']) {
    if (!secretKey) reader.mistake('HUB_SECRET_KEY', 'set where COUCHDB_URL is: all hubs of a database share it')
    if (!operatorPassword) reader.mistake('HUB_OPERATOR_PASSWORD', 'set where COUCHDB_URL is: all hubs share it')
  }
  reader.finish()
  // Put beside the other by whoever lets the hub keep its secrets itself.
  const previousSecretKey = previousKey ?? (await readKeptSecret(settings.dataFolder, 'secret-key-previous'))
  return {
    settings: Object.freeze(settings),
    secrets: Object.freeze({
      secretKey: secretKey ?? (await keptSecret(settings.dataFolder, 'secret-key')),
      ...(previousSecretKey && { previousSecretKey }),
      ...(isLost && { isPreviousKeyLost: true as const }),
      operatorPassword: operatorPassword ?? (await keptSecret(settings.dataFolder, 'operator-password')),
      ...(metricsToken && { metricsToken }),
      ...(mailServer && { mailServer }),
      couchPassword: couchdb?.admin.password ?? (await keptSecret(settings.dataFolder, 'couch-password')),
      ...(couchdb && { couchdb: couchdb.admin }),
    }),
  }
}

/** Where the command line looks for the running hub, and as whom it asks. */
export interface OperatorSettings {
  readonly hubUrl: string
  readonly operatorName: string
  readonly operatorPassword?: Secret
  /** Of the second factor: it counts once, so it is for one command. */
  readonly operatorCode?: Secret
  /** The only authorities that may have signed the hub's certificate. */
  readonly caFile?: string
}

export async function readOperatorSettings(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<OperatorSettings> {
  const reader = new SettingsReader(env)
  const url = reader.url('HUB_URL', {
    accepts: ({ protocol, hostname }) => protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname)),
    expected: 'the address of a running hub: https, or http on this machine, such as http://127.0.0.1:8080',
  })
  reader.finish()
  const operatorName = reader.text('HUB_OPERATOR_NAME', FIRST)
  const folder = resolve(reader.text('HUB_DATA', './data/hub'))
  const given = reader.secret('HUB_OPERATOR_PASSWORD')
  // What is kept is of the first account.
  const operatorPassword =
    given ?? (operatorName === FIRST ? await readKeptSecret(folder, 'operator-password') : undefined)
  const operatorCode = reader.secret('HUB_OPERATOR_CODE')
  return {
    hubUrl: (url?.href ?? 'http://127.0.0.1:8080').replace(/\/+$/, ''),
    operatorName,
    ...(operatorPassword && { operatorPassword }),
    ...(operatorCode && { operatorCode }),
    ...(env['HUB_CA_FILE'] && { caFile: resolve(env['HUB_CA_FILE']) }),
  }
}

function readCouchdb(
  reader: SettingsReader,
): { url: string; admin: { username: string; password: Secret } } | undefined {
  const url = reader.url('COUCHDB_URL', {
    accepts: ({ protocol, username, password }) =>
      /^https?:$/.test(protocol) && [username, password].every((part) => part !== '' && isPercentEncoded(part)),
    expected: 'the address of a CouchDB with its administrator, such as http://admin:password@127.0.0.1:5984',
  })
  if (!url) return undefined
  const { url: couchdbUrl, ...admin } = couchAddressOf(url.href)
  return { url: couchdbUrl, admin }
}

function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

function readTls(reader: SettingsReader): TlsPlaces | undefined {
  const certFile = reader.text('HUB_TLS_CERT', '')
  const keyFile = reader.text('HUB_TLS_KEY', '')
  if (certFile && !keyFile) reader.mistake('HUB_TLS_KEY', 'set where HUB_TLS_CERT is: the file with its private key')
  if (keyFile && !certFile) reader.mistake('HUB_TLS_CERT', 'set where HUB_TLS_KEY is: the file with the certificate')
  if (!certFile || !keyFile) return undefined
  return { cert: { setting: 'HUB_TLS_CERT', file: certFile }, key: { setting: 'HUB_TLS_KEY', file: keyFile } }
}

function readTrustProxy(reader: SettingsReader): number | string[] | undefined {
  const text = reader.text('HUB_TRUST_PROXY', '')
  if (text === '') return undefined
  if (/^[1-9]$/.test(text)) return Number(text)
  const addresses = text.split(',').map((one) => one.trim())
  if (addresses.every(isAddressOrRange)) return addresses
  reader.mistake(
    'HUB_TRUST_PROXY',
    'how many proxies stand in front (1 to 9), or their addresses: 10.0.0.7,10.1.0.0/16',
  )
  return undefined
}

function isAddressOrRange(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/')
  const version = isIP(address)
  if (version === 0 || more.length > 0) return false
  return (
    bits === undefined || (/^[0-9]{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (version === 4 ? 32 : 128))
  )
}

function readMailServer(reader: SettingsReader): { url: Secret; from: string } | undefined {
  const url = reader.url('HUB_SMTP_URL', {
    accepts: ({ protocol, hostname }) => /^smtps?:$/.test(protocol) && hostname !== '',
    expected: 'a mail server, such as smtps://name:password@mail.example.org or smtp://mail.example.org:587',
  })
  const address = { pattern: /^$|^[^\s@<>]+@[^\s@<>]+$/, expected: 'an e-mail address, such as lontar@example.org' }
  const from = reader.text('HUB_SMTP_FROM', '', address)
  if (url && !from) reader.mistake('HUB_SMTP_FROM', 'set where HUB_SMTP_URL is: in whose name e-mail is sent')
  return url && from ? { url: new Secret(url.href), from } : undefined
}

function readRates(reader: SettingsReader): Rates {
  const aMinute = (name: string, fallback: number) =>
    reader.whole(name, fallback, { least: 1, most: 1_000_000, expected: 'requests a minute, from 1 to 1000000' })
  return {
    address: aMinute('HUB_RATE_ADDRESS', 6_000),
    node: aMinute('HUB_RATE_NODE', 1_200),
    registrations: aMinute('HUB_RATE_REGISTRATIONS', 20),
    failures: aMinute('HUB_RATE_FAILURES', 60),
  }
}
