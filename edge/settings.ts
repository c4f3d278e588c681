import { resolve } from 'node:path'
import { EXTERNAL_ID } from '../protocol/external-id'
import { isLoopback, type Secret, SettingsReader } from '../runtime/settings'
import type { TlsPlaces } from '../runtime/tls-files'
import type { Budget, KeptFacility } from '../schemas/generated/types'

/** How it is reached and where its data are: known also before anybody has said which facility it is. */
export interface EdgePlace {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  readonly dataFolder: string
  readonly logLevel: string
  /** Names by which other computers call it, beside its host. */
  readonly names?: readonly string[]
  readonly tls?: TlsPlaces
  /** How long a session lasts with nobody at the keyboard. */
  readonly idleMs?: number
  /** A place for backups beside the drives that are plugged in. */
  readonly backupFolder?: string
}

export interface EdgeSettings extends EdgePlace {
  readonly externalId: string
  readonly name: string
  /** Without a slash at its end. */
  readonly hubUrl: string
  /** The only authorities that may have signed the hub's certificate; undefined: those of the operating system. */
  readonly hubCaFile?: string
  /** Whoever shows it reads `/metrics`; without it there is no such page. */
  readonly metricsToken?: Secret
  /** What this facility allows for sending; the hub may allow less. */
  readonly budget: Budget
}

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

type Environment = Readonly<Record<string, string | undefined>>

/** Whether the environment says nothing of which facility this is: then the people say it in their browser. */
export function isFacilityUnsaid(env: Environment = process.env): boolean {
  return !env['EDGE_EXTERNAL_ID'] && !env['HUB_URL']
}

/** What is needed to ask the people for the rest. Throws SettingsError. */
export function readEdgePlace(env: Environment = process.env): EdgePlace {
  const reader = new SettingsReader(env)
  const place = readPlace(reader, env)
  reader.finish()
  return Object.freeze(place)
}

/**
 * The edge's environment; what it does not say of the facility is as it was told at the first start. Throws SettingsError with
 * everything that is wrong.
 */
export function readEdgeSettings(env: Environment = process.env, kept?: KeptFacility): EdgeSettings {
  const reader = new SettingsReader({
    ...env,
    ...(kept && {
      EDGE_EXTERNAL_ID: env['EDGE_EXTERNAL_ID'] || kept.externalId,
      EDGE_NAME: env['EDGE_NAME'] || kept.name,
      HUB_URL: env['HUB_URL'] || kept.hubUrl,
    }),
  })
  const externalId = reader.text('EDGE_EXTERNAL_ID', '', {
    pattern: EXTERNAL_ID,
    expected: "the facility's external ID: 2 to 12 capitals and digits, for example 101",
  })
  const place = readPlace(reader, env)
  if (!reader.env['HUB_URL']) reader.mistake('HUB_URL', "the hub's address, for example https://hub.example.org")
  const hubUrl = reader.url('HUB_URL', {
    accepts: isHubUrl,
    expected: 'an https address, or http to this machine, without user name, query or fragment',
  })
  const metricsToken = reader.secret('EDGE_METRICS_TOKEN')
  if (metricsToken && !METRICS_TOKEN.test(metricsToken.reveal())) {
    reader.mistake('EDGE_METRICS_TOKEN', '16 to 200 letters and digits, or - . _ ~ + / among them')
  }
  const settings: EdgeSettings = {
    ...place,
    externalId,
    name: reader.text('EDGE_NAME', `Facility ${externalId}`, {
      pattern: /^(?=.*\S).{1,200}$/u,
      expected: '1 to 200 characters',
    }),
    hubUrl: hubUrl?.href.replace(/\/+$/, '') ?? '',
    ...(env['HUB_CA_FILE'] && { hubCaFile: resolve(env['HUB_CA_FILE']) }),
    ...(metricsToken && { metricsToken }),
    budget: readBudget(reader, env),
  }
  reader.finish()
  return Object.freeze(settings)
}

/** What RFC 6750 lets a bearer token be, long enough not to be guessed. */
const METRICS_TOKEN = /^[A-Za-z0-9._~+/-]{16,200}$/

/** Credentials and records go over it, so it is encrypted unless it does not leave the machine. */
export function isHubUrl(url: URL): boolean {
  return isPlain(url) && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)))
}

const HOST_NAME = /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/

function readPlace(reader: SettingsReader, env: Environment): EdgePlace {
  const host = reader.text('EDGE_HOST', '127.0.0.1')
  const [cert = '', key = ''] = [env['EDGE_TLS_CERT'], env['EDGE_TLS_KEY']]
  if ((cert === '') !== (key === ''))
    reader.mistake(cert === '' ? 'EDGE_TLS_CERT' : 'EDGE_TLS_KEY', 'set with the other')
  // Passwords and records would cross the facility's network in clear.
  if (!isLoopback(host) && cert === '')
    reader.mistake('EDGE_HOST', 'an address of this machine alone, such as 127.0.0.1, unless EDGE_TLS_CERT is set')
  const names = reader
    .text('EDGE_NAMES', '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  if (!names.every((name) => HOST_NAME.test(name)))
    reader.mistake('EDGE_NAMES', 'names or addresses with commas in between, for example klinik.local,192.168.1.5')
  const minutes = reader.whole('EDGE_IDLE_MINUTES', 20, { least: 1, most: 240, expected: 'from 1 to 240' })
  return {
    host,
    port: reader.port('EDGE_PORT', 7070),
    dataFolder: resolve(reader.text('EDGE_DATA', './data/edge')),
    logLevel: reader.choice('EDGE_LOG_LEVEL', 'info', LEVELS),
    names,
    idleMs: minutes * 60_000,
    ...(env['EDGE_BACKUP_FOLDER'] && { backupFolder: resolve(env['EDGE_BACKUP_FOLDER']) }),
    ...(cert !== '' && {
      tls: { cert: { setting: 'EDGE_TLS_CERT', file: cert }, key: { setting: 'EDGE_TLS_KEY', file: key } },
    }),
  }
}

/** Paths are put behind it, and it is shown in logs. */
function isPlain({ username, password, search, hash }: URL): boolean {
  return [username, password, search, hash].every((part) => part === '')
}

const HOURS = /^(([01][0-9]|2[0-3])-([01][0-9]|2[0-4]))?$/

/** What is not set is not limited. The same limits as in schemas/messages/budget.json. */
function readBudget(reader: SettingsReader, env: Readonly<Record<string, string | undefined>>): Budget {
  const optional = (name: string, least: number, most: number) =>
    env[name]
      ? reader.whole(name, least, { least, most, expected: `a whole number from ${least} to ${most}` })
      : undefined
  const kilobitsPerSecond = optional('EDGE_BUDGET_KBIT_S', 8, 10_000_000)
  const megabytesPerDay = optional('EDGE_BUDGET_MB_DAY', 1, 1_000_000)
  const hours = reader.text('EDGE_BUDGET_HOURS', '', { pattern: HOURS, expected: 'full hours, for example 22-06' })
  const urgent = reader.choice('EDGE_BUDGET_URGENT', 'exempt', ['exempt', 'limited'])
  return {
    ...(kilobitsPerSecond !== undefined && { kilobitsPerSecond }),
    ...(megabytesPerDay !== undefined && { megabytesPerDay }),
    ...(hours !== '' && { hours }),
    urgent,
  }
}

/** Where the running edge is asked by the command line. */
export function readEdgeUrl(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const reader = new SettingsReader(env)
  const url = reader.url('EDGE_URL', {
    accepts: (url) => isPlain(url) && /^https?:$/.test(url.protocol),
    expected: 'an http address',
  })
  reader.finish()
  return url?.href.replace(/\/+$/, '') ?? 'http://127.0.0.1:7070'
}

/** Where the command line looks for what proves that it may ask. */
export function readDataFolder(env: Environment = process.env): string {
  return resolve(env['EDGE_DATA'] || './data/edge')
}

/** What a certificate is made for: the settings of the edge that will use it, which may not start without one. */
export function readCertificatePlace(
  names: string | undefined,
  env: Environment = process.env,
): { dataFolder: string; names: readonly string[]; externalId: string } {
  const without = { EDGE_HOST: '', EDGE_TLS_CERT: '', EDGE_TLS_KEY: '' }
  const place = readEdgePlace({ ...env, ...without, ...(names !== undefined && { EDGE_NAMES: names }) })
  return { dataFolder: place.dataFolder, names: place.names ?? [], externalId: env['EDGE_EXTERNAL_ID'] || 'edge' }
}
