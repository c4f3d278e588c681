import { resolve } from 'node:path'
import { EXTERNAL_ID } from '../protocol/external-id'
import { isLoopback, SettingsReader } from '../runtime/settings'
import type { Budget } from '../schemas/generated/types'

export interface EdgeSettings {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  readonly dataFolder: string
  readonly externalId: string
  readonly name: string
  /** Without a slash at its end. */
  readonly hubUrl: string
  /** The only authorities that may have signed the hub's certificate; undefined: those of the operating system. */
  readonly hubCaFile?: string
  readonly logLevel: string
  /** What this facility allows for sending; the hub may allow less. */
  readonly budget: Budget
}

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

/** The edge's environment. Throws SettingsError with everything that is wrong. */
export function readEdgeSettings(env: Readonly<Record<string, string | undefined>> = process.env): EdgeSettings {
  const reader = new SettingsReader(env)
  const externalId = reader.text('EDGE_EXTERNAL_ID', '', {
    pattern: EXTERNAL_ID,
    expected: "the facility's external ID: 2 to 12 capitals and digits, for example 101",
  })
  const host = reader.text('EDGE_HOST', '127.0.0.1')
  if (!isLoopback(host)) reader.mistake('EDGE_HOST', 'an address of this machine alone, such as 127.0.0.1')
  if (!env['HUB_URL']) reader.mistake('HUB_URL', "the hub's address, for example https://hub.example.org")
  const hubUrl = reader.url('HUB_URL', {
    // Credentials and records go over it, so it is encrypted unless it does not leave the machine.
    accepts: (url) =>
      isPlain(url) && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))),
    expected: 'an https address, or http to this machine, without user name, query or fragment',
  })
  const settings: EdgeSettings = {
    host,
    port: reader.port('EDGE_PORT', 7070),
    dataFolder: resolve(reader.text('EDGE_DATA', './data/edge')),
    externalId,
    name: reader.text('EDGE_NAME', `Facility ${externalId}`, {
      pattern: /^(?=.*\S).{1,200}$/u,
      expected: '1 to 200 characters',
    }),
    hubUrl: hubUrl?.href.replace(/\/+$/, '') ?? '',
    ...(env['HUB_CA_FILE'] && { hubCaFile: resolve(env['HUB_CA_FILE']) }),
    logLevel: reader.choice('EDGE_LOG_LEVEL', 'info', LEVELS),
    budget: readBudget(reader, env),
  }
  reader.finish()
  return Object.freeze(settings)
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
