import { hostname } from 'node:os'
import { join } from 'node:path'
import { codedErrorOf } from '../protocol/coded-error-of'
import { CodedError } from '../protocol/error-codes'
import { refusalOf } from '../protocol/refusal-of'
import { Bodies } from '../runtime/bodies/bodies'
import { closeApp, type HttpServer, listen, openApp } from '../runtime/http-server'
import { createLog } from '../runtime/log'
import { servePages } from '../runtime/serve-pages'
import { runUntilSignal, type Service } from '../runtime/service'
import { isLoopback, packageVersion } from '../runtime/settings'
import { TlsFiles } from '../runtime/tls-files'
import { UntakenAnswers } from '../runtime/untaken-answers'
import { accessRouter } from './access/access-router'
import { checkRoutes } from './access/check-routes'
import type { Handlers } from './access/handlers'
import { openAlerts } from './alerts/open-alerts'
import { openAuditLog } from './audit/audit-log'
import { refusalAuditor } from './audit/audit-refusals'
import { auditRoutes } from './audit/audit-routes'
import { auditDatabaseOf } from './audit/couch-audit'
import { OpenGlass } from './consent/open-glass'
import { btgRoutes } from './consent/routes'
import type { CouchAddress } from './couch/address'
import { connect } from './couch/connect'
import { designDocsOf, rulesOf } from './couch/design-docs'
import { NodeSessions } from './couch/run-as'
import { setUpCouch } from './couch/set-up'
import { startThreadedStore } from './couch/threaded-store'
import { disclosureRoutes } from './disclosures/routes'
import { recordReaderOf } from './import/couch-records'
import { RefusalLimit } from './import/refusal-limit'
import { importRoutes } from './import/routes'
import { jsonBodies } from './json-bodies'
import { openHubKeys } from './keys/open-keys'
import { rekeyRoutes } from './keys/routes'
import { addressKey } from './limits/address-key'
import { ANSWERS, CHECKPOINT_BODIES, connectionLimits, PUSH_BODIES, VERIFY_BODIES } from './limits/limits'
import { RequestRates } from './limits/request-rates'
import { HubMetrics } from './metrics/hub-metrics'
import { metricsReader, metricsRoutes } from './metrics/routes'
import { basicOf, bearerOf } from './nodes/basic-auth'
import { databaseOf } from './nodes/couch-nodes'
import { openNodes } from './nodes/open-nodes'
import { Overlaps } from './nodes/overlaps'
import { DAYS_KEPT } from './nodes/reports/kept-reports'
import { OldDays } from './nodes/reports/old-days'
import { sealerOf } from './nodes/seal'
import { addressHasher } from './nodes/waiting'
import { openOperators } from './operators/open-operators'
import { isPagePath } from './pages/page-paths'
import { processRoutes } from './process-routes'
import { checkReady } from './readiness'
import { type HubSecrets, type HubSettings, readHubSettings } from './settings'
import { statisticsRoutes } from './statistics/routes'
import { RefusalList } from './sync/refusal-list'
import { refusalRoutes } from './sync/refusal-routes'
import { nodesRefusedFor, refusalReasons, refusedPage } from './sync/refused-pages'
import { syncRoutes } from './sync/sync-routes'
import { todayRoutes } from './today/routes'
import { settingsSummary } from './today/settings-summary'
import { revisionsIn } from './verify/couch-revisions'
import { KeptReceipts } from './verify/kept-receipts'
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

/** Facilities ask here, each for itself and every few minutes, over a line that is paid by the byte. */
const MACHINE_PATHS = ['/sync', '/node', '/registrations'] as const

/** Where the build puts what browsers load. */
const CONSOLE = join(__dirname, 'web')

/** Everything of a hub, put together here and nowhere else. */
export async function startHub(
  settings: HubSettings,
  secrets: HubSecrets,
  service: Service,
): Promise<{ server: HttpServer; storeUrl: string }> {
  const { log, signal } = service
  const { host, port, publicUrl, trustProxy } = settings
  const tls = settings.tls && (await service.started(TlsFiles.open(settings.tls, log)))
  const address = await couchAddress(settings, secrets, service)
  const couch = await service.started(connect(address, { log }))
  const { hubId } = await setUpCouch(couch, { log, signal })
  const sealer = sealerOf(secrets.secretKey, secrets.previousSecretKey)
  const nodeSecurity = databaseOf(couch.database('node_security'))
  const keys = await openHubKeys(secrets, { nodeSecurity, sealer, log })
  const sessions = await service.started(new NodeSessions(address.url))
  const audit = auditDatabaseOf(couch.database('audit'))
  const auditLog = await service.started(openAuditLog(audit, { log }))
  const writeAudit = auditLog.write
  const metrics = new HubMetrics()
  const readMetrics = metricsReader(secrets.metricsToken)
  const operators = openOperators({
    nodeSecurity,
    sealer,
    secretKey: secrets.secretKey,
    operatorPassword: secrets.operatorPassword,
    times: settings.operatorSessions,
    site: {
      isSecure: (request) => tls !== undefined || publicUrl?.startsWith('https:') === true || request.secure === true,
      publicUrl,
      addressOf: ({ ip }) => addressKey(ip),
    },
    writeAudit,
    limit: new RefusalLimit(),
    count: (outcome) => metrics.signIn(outcome),
    log,
  })
  const addressHash = addressHasher(secrets.secretKey)
  const nodes = openNodes({
    addressHashOf: ({ ip }) => addressHash(addressKey(ip)),
    database: (name) => couch.database(name),
    sessions,
    sealer,
    hubId,
    rules: rulesOf(designDocsOf('ehr')),
    overlapMs: settings.rotationOverlapMs,
    publicUrl,
    writeAudit,
    refusedFor: (reason) => nodesRefusedFor(couch.database('nodes'), reason),
    registered: (outcome) => metrics.registration(outcome),
    reported: (outcome) => metrics.reported(outcome),
    log,
  })
  metrics.showFacilities(() => nodes.list())
  await service.started(new Overlaps(() => nodes.endOverlaps(), log))
  await service.started(new OldDays(couch.database('nodes'), log))
  const refusals = new RefusalList(couch.database('nodes'), () => new Date())

  const glass = new OpenGlass(audit, () => new Date())
  const alerts = openAlerts({
    nodes: databaseOf(couch.database('nodes')),
    nodeSecurity,
    audit,
    head: auditLog.head,
    writeAudit: async (entry) => void (await writeAudit(entry)),
    sealer,
    hubId,
    gateway: { name: `${hostname()}:${port}`, certificate: () => tls?.current.cert },
    mailServer: secrets.mailServer,
    everyMs: settings.alertEveryMs,
    listNodes: () => nodes.list(),
    oldestOpenGlassAt: async () => (await glass.waiting()).since,
    count: (channel, outcome) => metrics.alertsTold(channel, outcome),
    log,
  })

  const rates = new RequestRates(settings.rates, (limit) => metrics.rateLimited(limit))
  const answers = new UntakenAnswers(ANSWERS)
  const receipts = new KeptReceipts(couch.database('nodes'))
  const summary = () =>
    settingsSummary(settings, {
      version: packageVersion(),
      hubId,
      storeUrl: address.url,
      certificate: tls?.current.cert,
      metrics: secrets.metricsToken !== undefined,
      daysKept: DAYS_KEPT,
    })
  const handlers: Handlers = {
    ...processRoutes(() => checkReady(() => couch.database('nodes').info())),
    ...metricsRoutes(metrics),
    ...nodes.handlers,
    ...operators.handlers,
    ...alerts.handlers,
    ...refusalRoutes({
      audit: async (entry) => void (await writeAudit(entry)),
      page: (query) => refusedPage(couch.database('nodes'), query),
      reasons: () => refusalReasons(couch.database('nodes')),
    }),
    ...todayRoutes({
      known: async () => ({
        nodes: await nodes.list(),
        registrationsAt: await nodes.waitingSince(),
        btg: await glass.waiting(),
        certificateEndsAt: summary().tls.certificateEndsAt,
      }),
      settings: summary,
      now: () => new Date(),
    }),
    ...auditRoutes({ database: audit, head: auditLog.head, hubId, publicUrl }),
    ...rekeyRoutes({
      rekey: { nodeSecurity, sealer, hubId, now: () => new Date() },
      audit: async (entry) => void (await writeAudit(entry)),
    }),
    ...btgRoutes({ database: audit, entryOf: (id) => couch.database('audit').get(id), writeAudit }),
    ...disclosureRoutes({ database: audit, nameOf: async (nodeName) => (await nodes.nodeOf(nodeName))?.name, answers }),
    ...importRoutes({
      signerOf: nodes.signerOf,
      dataAccessUsed: nodes.dataAccessUsed,
      admit: (nodeName) => rates.ofImport(nodeName),
      writeAudit,
      records: recordReaderOf(couch.database('ehr'), couch.askText),
      consentPolicy: settings.consentPolicy,
      log,
      publicUrl,
      imported: (code) => metrics.imported(code),
    }),
    ...statisticsRoutes({
      audit: async (entry) => void (await writeAudit(entry)),
      sums: (selection) => couch.database('ehr').sums('public-health', 'counts', selection),
      districtsSet: () => nodes.districtsSet(),
      now: () => new Date(),
    }),
    ...verifyRoutes({
      hubId,
      keys: () => keys.forVerifying(),
      revisions: revisionsIn(couch.database('ehr')),
      keepReceipt: (nodeName, receipt) => receipts.keep(nodeName, receipt),
      receiptOf: (nodeName) => receipts.of(nodeName),
      bodies: new Bodies(VERIFY_BODIES),
      answers,
      now: () => new Date(),
    }),
    ...syncRoutes({
      version: packageVersion(),
      hubId,
      asCouchUser: async ({ node: { nodeName, externalId }, password }) => ({
        nodeName,
        externalId,
        ask: await nodes.actAs(nodeName, password),
      }),
      noteRefusals: (nodeName, refused, accepted) => refusals.note(nodeName, refused, accepted),
      pushed: (documents) => metrics.pushed(documents),
      bodies: { pushes: new Bodies(PUSH_BODIES), checkpoints: new Bodies(CHECKPOINT_BODIES) },
      answers,
    }),
  }
  const app = openApp(log, { machines: MACHINE_PATHS, trustProxy })
  app.use(rates.ofAddress)
  app.use('/console', servePages(CONSOLE, isPagePath))
  app.use(JSON_ALONE, jsonBodies)
  app.use(
    accessRouter(
      handlers,
      {
        claim: async (request) => {
          const registration = await nodes.claimant(request)
          rates.letIn(request)
          return { kind: 'pending', registration }
        },
        'node password': async (request) => {
          const known = await nodes.identify(request)
          await rates.ofNode(request, known.node.nodeName)
          return { kind: 'node', ...known }
        },
        operator: async (request) => {
          const operator = await operators.authenticate(request)
          rates.letIn(request)
          return { kind: 'operator', ...operator }
        },
        'metrics token': async ({ headers }) => readMetrics(bearerOf(headers.authorization)),
      },
      refusalAuditor({
        write: writeAudit,
        claimedName: ({ headers }) => basicOf(headers.authorization)?.name,
        limit: new RefusalLimit(),
        log,
      }),
    ),
  )
  closeApp(
    app,
    log,
    (error, { path, requestId }) => {
      metrics.refused(codedErrorOf(error)?.code ?? 'INTERNAL')
      return refusalOf(error, path, () => requestId)
    },
    () => new CodedError('NOT_FOUND', 'There is nothing under this address.'),
  )
  checkRoutes(app, JSON_ALONE)
  const limits = connectionLimits({ isBehindProxy: trustProxy !== undefined })
  await service.started(alerts.start())
  const server = await service.started(listen(app, { host, port, setting: 'HUB_PORT', ...(tls && { tls }), limits }))
  if (!tls && !isLoopback(host) && trustProxy === undefined) {
    log.warn('it listens beyond this machine without TLS: only what speaks TLS in front of it may be reachable')
  }
  return { server, storeUrl: address.url }
}

/** Below these nothing is taken but JSON. */
const JSON_ALONE = ['/registrations', '/node', '/operator']

/** The CouchDB of the settings, or the embedded store, which is then spoken to over HTTP like any other. */
async function couchAddress(settings: HubSettings, secrets: HubSecrets, service: Service): Promise<CouchAddress> {
  if (settings.couchdbUrl !== undefined && secrets.couchdb) return { url: settings.couchdbUrl, ...secrets.couchdb }
  const admin = { username: 'admin', password: secrets.couchPassword }
  const store = await service.started(
    startThreadedStore({
      folder: `${settings.dataFolder}/couch`,
      host: '127.0.0.1',
      port: settings.couchPort,
      username: admin.username,
      password: admin.password.reveal(),
      logLevel: settings.logLevel,
    }),
  )
  return { url: store.url, ...admin }
}
