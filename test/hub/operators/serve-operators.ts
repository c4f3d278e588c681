import { Agent, request } from 'undici'
import { accessRouter } from '../../../hub/access/access-router'
import { openAuditLog } from '../../../hub/audit/audit-log'
import { auditDatabaseOf } from '../../../hub/audit/couch-audit'
import { connect } from '../../../hub/couch/connect'
import { setUpCouch } from '../../../hub/couch/set-up'
import { RefusalLimit } from '../../../hub/import/refusal-limit'
import { databaseOf } from '../../../hub/nodes/couch-nodes'
import { sealerOf } from '../../../hub/nodes/seal'
import { openOperators } from '../../../hub/operators/open-operators'
import { PasswordHasher } from '../../../hub/operators/password-hasher'
import { CodedError } from '../../../protocol/error-codes'
import { refusalOf } from '../../../protocol/refusal-of'
import { closeApp, listen, openApp } from '../../../runtime/http-server'
import { createLog } from '../../../runtime/log'
import { Secret } from '../../../runtime/settings'
import type { AuditEntry } from '../../../schemas/generated/types'
import { basic } from '../../support/ask'
import type { TestCouch } from '../../support/couch'

export const FIRST_PASSWORD = 'the password of the first account'
/** What most tests are about is not how slow a hash is. */
export const QUICK = { cost: 2 ** 10, blockSize: 8, parallelization: 1 }
export const TIMES = { idleMs: 30 * 60_000, absoluteMs: 12 * 3_600_000 }

/** A clock that stands still until it is moved. */
export class Clock {
  ms = Date.parse('2026-11-22T07:00:00.000Z')
  readonly now = () => new Date(this.ms)

  pass(ms: number): void {
    this.ms += ms
  }
}

export interface Asked {
  method?: string
  body?: unknown
  authorization?: string
  headers?: Record<string, string>
  /** The caller's own address, one of 127.0.0.0/8. */
  from?: string
}

export interface Answered {
  status: number
  code: string | undefined
  body: Record<string, unknown>
  cookies: string[]
  header(name: string): string | undefined
}

/** The persons' part of a gateway over real HTTP, on a real store. Who gets in is told at `GET /operator/nodes`. */
export interface OperatorGateway {
  readonly url: string
  ask(path: string, asked?: Asked): Promise<Answered>
  /** As the first account. */
  first(path: string, asked?: Asked): Promise<Answered>
  stop(): Promise<void>
}

export async function startOperatorGateway(
  store: TestCouch,
  options: {
    clock?: Clock
    isSecure?: boolean
    publicUrl?: string
    firstPassword?: string
    secretKey?: Secret
    hasher?: PasswordHasher
    /** While it is so, the audit takes nothing. */
    isAuditBroken?: () => boolean
  } = {},
): Promise<OperatorGateway> {
  const log = createLog('hub', 'silent')
  const { clock = new Clock() } = options
  const couch = connect(store.address)
  await setUpCouch(couch, { log, signal: AbortSignal.timeout(60_000) })
  const auditLog = openAuditLog(auditDatabaseOf(couch.database('audit')), { now: clock.now })
  const secretKey = options.secretKey ?? new Secret(Buffer.alloc(32, 5).toString('base64url'))
  const operators = openOperators({
    nodeSecurity: databaseOf(couch.database('node_security')),
    sealer: sealerOf(secretKey),
    secretKey,
    operatorPassword: new Secret(options.firstPassword ?? FIRST_PASSWORD),
    times: TIMES,
    site: {
      isSecure: () => options.isSecure ?? false,
      publicUrl: options.publicUrl,
      addressOf: ({ ip = '' }) => ip,
    },
    writeAudit: (entry) =>
      options.isAuditBroken?.() ? Promise.reject(new Error('the audit is full')) : auditLog.write(entry),
    limit: new RefusalLimit(),
    count: () => undefined,
    log,
    now: clock.now,
    hasher: options.hasher ?? new PasswordHasher(QUICK),
  })
  const app = openApp(log)
  app.use(
    accessRouter(
      {
        ...operators.handlers,
        'GET /operator/nodes': (caller, _request, response) => void response.json(caller),
        'GET /operator/audit': (caller, _request, response) => void response.json(caller),
        'POST /operator/rekey': (caller, _request, response) => void response.json(caller),
      },
      {
        claim: () => Promise.reject(nothing()),
        'node password': () => Promise.reject(nothing()),
        operator: async (asked) => ({ kind: 'operator', ...(await operators.authenticate(asked)) }),
        'metrics token': () => Promise.reject(nothing()),
      },
    ),
  )
  closeApp(app, log, (error, { path }) => refusalOf(error, path, () => String(error)), nothing)
  const server = await listen(app, { host: '127.0.0.1', port: 0, setting: 'HUB_PORT' })
  const agents = new Map<string, Agent>()
  const ask: OperatorGateway['ask'] = async (
    path,
    { method, body, authorization, headers, from = '127.0.0.1' } = {},
  ) => {
    const agent = agents.get(from) ?? new Agent({ localAddress: from })
    agents.set(from, agent)
    const answer = await request(`${server.url}${path}`, {
      dispatcher: agent,
      method: (method ?? (body === undefined ? 'GET' : 'POST')) as 'GET',
      headers: {
        ...(authorization !== undefined && { authorization }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await answer.body.text()
    const told = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>
    return {
      status: answer.statusCode,
      code: told['error'] as string | undefined,
      body: told,
      cookies: [answer.headers['set-cookie'] ?? []].flat(),
      header: (name) => [answer.headers[name] ?? []].flat()[0],
    }
  }
  return {
    url: server.url,
    ask,
    first: (path, asked = {}) =>
      ask(path, { authorization: basic('operator', options.firstPassword ?? FIRST_PASSWORD), ...asked }),
    async stop() {
      for (const agent of agents.values()) await agent.close()
      await server.stop()
      await auditLog.stop()
      await couch.stop()
    },
  }
}

/** What the audit has of signing in and of accounts, in the order of time. */
export async function auditOf(store: TestCouch): Promise<AuditEntry[]> {
  const couch = connect(store.address)
  const rows = await couch.database('audit').allDocs<AuditEntry>({ includeDocs: true })
  await couch.stop()
  return rows
    .flatMap(({ doc }) => doc ?? [])
    .filter(({ kind }) => kind === 'sign-in' || kind === 'operator')
    .sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))
}

/** A lock is written after the try that began it, at the same time by a clock that stands still. */
function placeOf({ at, action }: AuditEntry): string {
  return `${at} ${action === 'lock' ? 1 : 0}`
}

/** Everything in a database, as text. */
export async function dumpOf(store: TestCouch, name: string): Promise<string> {
  const couch = connect(store.address)
  const rows = await couch.database(name).allDocs({ includeDocs: true })
  await couch.stop()
  return JSON.stringify(rows)
}

function nothing(): CodedError {
  return new CodedError('NOT_FOUND', 'There is nothing here.')
}
