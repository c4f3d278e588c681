import { randomUUID } from 'node:crypto'
import type { Request } from 'express'
import { CodedError } from '../protocol/error-codes'
import { refusalOf } from '../protocol/refusal-of'
import { closeApp, type HttpServer, listen, openApp } from '../runtime/http-server'
import { createLog, type Log } from '../runtime/log'
import { runUntilSignal, type Service } from '../runtime/service'
import { isLoopback, packageVersion } from '../runtime/settings'
import { TlsFiles } from '../runtime/tls-files'
import { auditWriter } from './audit/audit-log'
import { auditDatabaseOf } from './audit/couch-audit'
import { listAudit } from './audit/list-audit'
import type { CouchAddress } from './couch/address'
import { connect } from './couch/connect'
import { designDocsOf, rulesOf } from './couch/design-docs'
import { startEmbeddedStore } from './couch/embedded-store'
import { NodeSessions } from './couch/run-as'
import { setUpCouch } from './couch/set-up'
import { recordReaderOf } from './import/couch-records'
import { importRoutes } from './import/routes'
import { jsonBodies } from './json-bodies'
import { knownMethods } from './known-methods'
import { type Nodes, openNodes } from './nodes/open-nodes'
import { masterKeyOf } from './nodes/seal'
import { operatorAuthenticator } from './operators/authenticate-operator'
import { checkReady } from './readiness'
import { type HubSecrets, type HubSettings, readHubSettings } from './settings'
import type { SyncCaller } from './sync/couch-call'
import { RefusalList } from './sync/refusal-list'
import { refusalRoutes } from './sync/refusal-routes'
import { syncRoutes } from './sync/sync-routes'
import { revisionsIn } from './verify/couch-revisions'
import { KeptReceipts } from './verify/kept-receipts'
import { verifyKeys } from './verify/receipt-key'
import { verifyRoutes } from './verify/routes'

/** `lontar hub`: runs until it is told to stop. */
export async function runHub(): Promise<void> {
  const { settings, secrets } = await readHubSettings()
  const log = createLog('hub', settings.logLevel)
  await runUntilSignal(log, async (service) => {
    const { server, storeUrl } = await startHub(settings, secrets, service)
    process.stdout.write(`Lontar hub ready at ${server.url} (store ${storeUrl})\n`)
  })
}

/** Everything of a hub, put together here and nowhere else. */
export async function startHub(
  settings: HubSettings,
  secrets: HubSecrets,
  service: Service,
): Promise<{ server: HttpServer; storeUrl: string }> {
  const { log, signal } = service
  const { host, port, publicUrl } = settings
  const tls = settings.tls && (await service.started(TlsFiles.open(settings.tls, log)))
  const address = await couchAddress(settings, secrets, service)
  const couch = await service.started(connect(address, { log }))
  const { hubId } = await setUpCouch(couch, { log, signal })
  const sessions = await service.started(new NodeSessions(address.url))
  const audit = auditDatabaseOf(couch.database('audit'))
  const writeAudit = auditWriter(audit, { log })
  const authenticateOperator = operatorAuthenticator(secrets.operatorPassword)
  const nodes = openNodes({
    database: (name) => couch.database(name),
    sessions,
    secretKey: secrets.secretKey,
    authenticateOperator,
    hubId,
    rules: rulesOf(designDocsOf('ehr')),
    publicUrl,
    writeAudit,
    listAudit: (query) => listAudit(audit, query),
    log,
  })
  const refusals = new RefusalList(couch.database('nodes'), () => new Date())

  const app = openApp(log)
  app.get('/healthz', (_request, response) => void response.json({ status: 'ok' }))
  app.get('/readyz', async (_request, response) => {
    await checkReady(() => couch.database('nodes').info())
    response.json({ status: 'ok' })
  })
  app.use(['/registrations', '/node', '/operator'], jsonBodies)
  for (const router of nodes.routers) app.use(router)
  app.use(refusalRoutes({ authenticateOperator, refusals }))
  app.use(
    importRoutes({
      nodeOf: nodes.nodeOf,
      nodePassword: nodes.nodePassword,
      dataAccessUsed: nodes.dataAccessUsed,
      writeAudit,
      records: recordReaderOf(couch.database('ehr')),
      log,
      publicUrl,
    }),
  )
  const receipts = new KeptReceipts(couch.database('nodes'))
  app.use(
    verifyRoutes({
      hubId,
      keys: verifyKeys(masterKeyOf(secrets.secretKey)),
      revisions: revisionsIn(couch.database('ehr')),
      identify: async (request) => (await nodes.identify(request)).node,
      authenticateOperator,
      keepReceipt: (nodeName, receipt) => receipts.keep(nodeName, receipt),
      receiptOf: (nodeName) => receipts.of(nodeName),
      now: () => new Date(),
    }),
  )
  app.use(
    syncRoutes({
      version: packageVersion(),
      hubId,
      identify: (request) => syncCaller(request, nodes, sessions),
      noteRefusals: (nodeName, refused, accepted) => refusals.note(nodeName, refused, accepted),
    }),
  )
  app.use(knownMethods())
  closeApp(
    app,
    log,
    (error, { path }) => refusalOf(error, path, randomUUID),
    () => new CodedError('NOT_FOUND', 'There is nothing under this address.'),
  )
  const server = await service.started(listen(app, { host, port, setting: 'HUB_PORT', ...(tls && { tls }) }))
  if (!tls && !isLoopback(host)) {
    log.warn('it listens beyond this machine without TLS: only what speaks TLS in front of it may be reachable')
  }
  return { server, storeUrl: address.url }
}

/** Who pushes, and CouchDB as that node's own user. */
async function syncCaller(request: Request, nodes: Nodes, sessions: NodeSessions): Promise<SyncCaller> {
  const { node, password } = await nodes.identify(request)
  const ask = await sessions.asUser(node.nodeName, password)
  if (!ask) throw new CodedError('UNAUTHENTICATED', 'The node name or its password is missing or wrong.')
  return { nodeName: node.nodeName, externalId: node.externalId, ask }
}

/** The CouchDB of the settings, or the embedded store, which is then spoken to over HTTP like any other. */
async function couchAddress(settings: HubSettings, secrets: HubSecrets, service: Service): Promise<CouchAddress> {
  if (settings.couchdbUrl !== undefined && secrets.couchdb) return { url: settings.couchdbUrl, ...secrets.couchdb }
  const admin = { username: 'admin', password: secrets.couchPassword }
  const store = await service.started(
    startEmbeddedStore({
      folder: `${settings.dataFolder}/couch`,
      host: '127.0.0.1',
      port: settings.couchPort,
      admin,
      log: storeLog(service.log),
    }),
  )
  return { url: store.url, ...admin }
}

function storeLog(log: Log): Log {
  return log.child({ part: 'store' })
}
