import { accessRouter } from '../../hub/access/access-router'
import { openAuditLog } from '../../hub/audit/audit-log'
import { auditRoutes } from '../../hub/audit/audit-routes'
import { auditDatabaseOf } from '../../hub/audit/couch-audit'
import { connect } from '../../hub/couch/connect'
import { designDocsOf, rulesOf } from '../../hub/couch/design-docs'
import { NodeSessions } from '../../hub/couch/run-as'
import { setUpCouch } from '../../hub/couch/set-up'
import { RefusalLimit } from '../../hub/import/refusal-limit'
import { addressKey } from '../../hub/limits/address-key'
import { databaseOf } from '../../hub/nodes/couch-nodes'
import { type Nodes, openNodes } from '../../hub/nodes/open-nodes'
import type { ReportOutcome } from '../../hub/nodes/reports/kept-reports'
import { sealerOf } from '../../hub/nodes/seal'
import { addressHasher } from '../../hub/nodes/waiting'
import { openOperators } from '../../hub/operators/open-operators'
import { nodesRefusedFor } from '../../hub/sync/refused-pages'
import { CodedError } from '../../protocol/error-codes'
import { refusalOf } from '../../protocol/refusal-of'
import { closeApp, listen, openApp } from '../../runtime/http-server'
import { createLog } from '../../runtime/log'
import { Secret } from '../../runtime/settings'
import { type Answer, askJson, basic } from './ask'
import type { TestCouch } from './couch'

export const OPERATOR_PASSWORD = 'the-operators-password'

/** The nodes' part of a hub, in this process, on a store of its own or shared with others. */
export interface Gateway {
  url: string
  nodes: Nodes
  ask(path: string, options?: AskOptions): Promise<Answer>
  operator(path: string, body?: unknown): Promise<Answer>
  stop(): Promise<void>
}

interface AskOptions {
  method?: string
  body?: unknown
  authorization?: string | undefined
  headers?: Record<string, string>
}

export async function startGateway(
  store: TestCouch,
  options: {
    now?: () => Date
    port?: number
    secretKey?: string
    rules?: string
    overlapMs?: number
    reported?: (outcome: ReportOutcome) => void
  } = {},
): Promise<Gateway> {
  const log = createLog('hub', 'silent')
  const couch = connect(store.address)
  const sessions = new NodeSessions(store.address.url)
  const { hubId } = await setUpCouch(couch, { log, signal: AbortSignal.timeout(60_000) })
  const audit = auditDatabaseOf(couch.database('audit'))
  const auditLog = openAuditLog(audit, { ...(options.now && { now: options.now }) })
  const secretKey = new Secret(options.secretKey ?? Buffer.alloc(32, 5).toString('base64url'))
  const sealer = sealerOf(secretKey)
  const addressHash = addressHasher(secretKey)
  const nodes = openNodes({
    addressHashOf: ({ ip }) => addressHash(addressKey(ip)),
    database: (name) => couch.database(name),
    sessions,
    sealer,
    hubId,
    rules: options.rules ?? rulesOf(designDocsOf('ehr')),
    overlapMs: options.overlapMs ?? 24 * 3_600_000,
    writeAudit: auditLog.write,
    refusedFor: (reason) => nodesRefusedFor(couch.database('nodes'), reason),
    registered: () => undefined,
    reported: options.reported ?? (() => undefined),
    log,
    ...(options.now && { now: options.now }),
  })
  const app = openApp(log, { machines: ['/node', '/registrations'], trustProxy: 1 })
  const operators = openOperators({
    nodeSecurity: databaseOf(couch.database('node_security')),
    sealer,
    secretKey,
    operatorPassword: new Secret(OPERATOR_PASSWORD),
    times: { idleMs: 30 * 60_000, absoluteMs: 12 * 3_600_000 },
    site: { isSecure: () => false, addressOf: ({ ip = '' }) => ip },
    writeAudit: auditLog.write,
    limit: new RefusalLimit(),
    count: () => undefined,
    log,
    ...(options.now && { now: options.now }),
  })
  app.use(
    accessRouter(
      { ...nodes.handlers, ...auditRoutes({ database: audit, head: auditLog.head, hubId }) },
      {
        claim: async (request) => ({ kind: 'pending', registration: await nodes.claimant(request) }),
        'node password': async (request) => ({ kind: 'node', ...(await nodes.identify(request)) }),
        operator: async (request) => ({ kind: 'operator', ...(await operators.authenticate(request)) }),
        'metrics token': () => Promise.reject(new CodedError('NOT_FOUND', 'There is nothing here.')),
      },
    ),
  )
  closeApp(
    app,
    log,
    (error, { path }) => refusalOf(error, path, () => String(error)),
    () => new CodedError('NOT_FOUND', 'There is nothing here.'),
  )
  const server = await listen(app, { host: '127.0.0.1', port: options.port ?? 0, setting: 'HUB_PORT' })
  const ask: Gateway['ask'] = (path, { authorization, ...more } = {}) =>
    askJson(`${server.url}${path}`, authorization, more)
  return {
    url: server.url,
    nodes,
    ask,
    operator: (path, body) =>
      ask(path, {
        authorization: basic('operator', OPERATOR_PASSWORD),
        ...(body !== undefined && { method: 'POST', body }),
      }),
    async stop() {
      await server.stop()
      await auditLog.stop()
      await sessions.stop()
      await couch.stop()
    },
  }
}
