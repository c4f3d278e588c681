import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Express } from 'express'
import { ulid } from 'ulid'
import { fetch } from 'undici'
import { CodedError } from '../protocol/error-codes'
import { refusalOf } from '../protocol/refusal-of'
import { closeApp, type HttpServer, listen, openApp } from '../runtime/http-server'
import { createLog } from '../runtime/log'
import { runUntilSignal, type Service } from '../runtime/service'
import { packageVersion } from '../runtime/settings'
import { validateResource } from '../schemas/fhir/validate-resource'
import type {
  EdgeStatus,
  ImportTicket,
  RefusedList as RefusedAnswer,
  RefusedDocument,
} from '../schemas/generated/types'
import { findByQuery } from './fhir/find-by-query'
import { fhirRoutes } from './fhir/routes'
import { ImportTickets } from './import/import-tickets'
import { ImportWorker } from './import/import-worker'
import { importRoutes } from './import/routes'
import { loadBundle } from './load/load-bundle'
import { loadRoutes } from './load/routes'
import { localCallersOnly } from './local-callers-only'
import { RegistrationAgent } from './registration/registration-agent'
import { syncUrlOf } from './registration/sync-url'
import { RefusedList } from './replicator/refused-list'
import { Replicator } from './replicator/replicator'
import { type EdgeSettings, readEdgeSettings } from './settings'
import { DiskWatch } from './store/disk-watch'
import { EhrStore } from './store/ehr'
import { MrnCounter, TELL_AFTER, UNCERTAIN } from './store/mrn-counter'
import { noticeCopy } from './store/notice-copy'
import { openedIn } from './store/open-failure'
import { PatientIndex } from './store/patient-index'
import { EdgeState } from './store/state'
import { writeCopies } from './store/write-copies'

/** As many as people look through; the counter in /status has them all. */
const MOST_REFUSED_SHOWN = 1_000

/** `lontar edge`: runs until it is told to stop. */
export async function runEdge(): Promise<void> {
  const settings = readEdgeSettings()
  const log = createLog('edge', settings.logLevel)
  await runUntilSignal(log, async (service, startAnew) => {
    const server = await startEdge(settings, service, startAnew)
    process.stdout.write(`Lontar edge of ${settings.externalId} ready at ${server.url}\n`)
  })
}

/**
 * Everything of an edge, put together here and nowhere else.
 *
 * @param startAnew  called once when the databases must be opened again: the service is to be stopped, and another started
 */
export async function startEdge(
  settings: EdgeSettings,
  service: Service,
  startAnew: () => void = () => undefined,
): Promise<HttpServer> {
  const { externalId, dataFolder, hubUrl } = settings
  const { log } = service
  const now = () => new Date()
  const store = await service.started(openedIn(dataFolder, () => EhrStore.open(dataFolder)))
  const state = await service.started(openedIn(dataFolder, () => EdgeState.open(dataFolder)))
  const disk = await service.started(new DiskWatch({ folder: dataFolder, onBack: startAnew, log }))
  const mrns = new MrnCounter(store, state, externalId)
  const hasPast = async () => (await mrns.hasPast()) || (await store.database.info()).update_seq !== 0
  const noticed = { hasPast, onCopy: () => mrns.doubt(), alongside: () => mrns.changes() }
  await openedIn(dataFolder, () => noticeCopy(dataFolder, state, noticed))
  const index = await service.started(new PatientIndex(store, state))
  const agent = new RegistrationAgent({
    hubUrl,
    externalId,
    facility: { name: settings.name },
    file: join(dataFolder, 'credentials.json'),
    request: fetch,
    mrnCounter: () => mrns.last(),
    hearFloor: (mrnFloor) => mrns.hear(mrnFloor),
    log: log.child({ part: 'registration' }),
  })
  await service.started(agent.start())
  await mrns.heardBefore(agent.configuration()?.sync.mrnFloor ?? 0)
  const replicator = new Replicator({
    database: store.database,
    externalId,
    refused: await RefusedList.open(state.part<RefusedDocument>('refused')),
    sessionId: ulid(),
    now,
    random: Math.random,
    log: log.child({ part: 'replicator' }),
    onUnauthorized: () => agent.refresh(),
    onReachable: () => importer.retryNow(),
  })
  const tickets = await ImportTickets.open(state.part<ImportTicket>('imports'))
  const importer = await service.started(
    new ImportWorker({
      externalId,
      tickets,
      signer: () => signerOf(agent, hubUrl),
      writeCopies: (documents) => writeCopies(store, externalId, documents),
      onAccessRefused: () => agent.refresh(),
      log: log.child({ part: 'import' }),
    }),
  )
  await service.started(replicator.start())
  followRegistration(agent, { hubUrl, replicator, importer })
  store.onWritten(() => replicator.wake())

  const app = openApp(log)
  app.use(localCallersOnly)
  addOwnRoutes(app, { settings, store, disk, agent, replicator, mrns })
  const mint = async (count: number) => {
    const minted = await mrns.mint(count)
    if (mrns.untold >= TELL_AFTER) agent.refresh()
    return minted
  }
  const searched = { store, index, externalId }
  const fhir = { ...searched, mint, newId: () => ulid(), now, validate: validateResource, version: packageVersion() }
  app.use('/fhir', fhirRoutes(fhir))
  const loading = { ...fhir, mrnOfSource: (id: string) => index.mrnOfSource(id), find: findByQuery(searched) }
  app.use(loadRoutes((bundle) => loadBundle(bundle, loading)))
  app.use(
    importRoutes({
      externalId,
      add: (request) => tickets.add(request),
      get: (id) => tickets.get(id),
      list: (limit) => tickets.list(limit),
      wake: () => importer.wake(),
    }),
  )
  closeApp(
    app,
    log,
    (error, { path }) => refusalOf(disk.explained(error), path, randomUUID),
    () => new CodedError('NOT_FOUND', 'There is nothing under this address.'),
  )
  return service.started(listen(app, { host: settings.host, port: settings.port, setting: 'EDGE_PORT' }))
}

/** What the hub grants or takes away takes effect at once. */
function followRegistration(
  agent: RegistrationAgent,
  parts: { hubUrl: string; replicator: Replicator; importer: ImportWorker },
): void {
  const follow = () => {
    const credentials = agent.credentials()
    const configuration = agent.configuration()
    parts.replicator.useAccess(
      credentials && configuration && { ...credentials, syncUrl: syncUrlOf(configuration, parts.hubUrl) },
    )
    parts.importer.retryNow()
  }
  agent.onChange(follow)
  follow()
}

function signerOf(agent: RegistrationAgent, hubUrl: string) {
  const nodeName = agent.credentials()?.nodeName
  const nodePassword = agent.nodePassword()
  const hubId = agent.configuration()?.hubId
  return nodeName && nodePassword && hubId ? { hubUrl, hubId, nodeName, nodePassword } : undefined
}

/** What the edge says of itself. */
function addOwnRoutes(
  app: Express,
  parts: {
    settings: EdgeSettings
    store: EhrStore
    disk: DiskWatch
    agent: RegistrationAgent
    replicator: Replicator
    mrns: MrnCounter
  },
): void {
  const { settings, store, disk, agent, replicator, mrns } = parts
  app.get('/healthz', (_request, response) => void response.json({ status: 'ok' }))
  app.get('/readyz', async (_request, response) => {
    disk.refuseIfFailed()
    await store.database.info()
    response.json({ status: 'ok' })
  })
  app.get('/status', async (_request, response) => {
    const status: EdgeStatus = {
      externalId: settings.externalId,
      registration: agent.status(),
      dataAccess: agent.dataAccess(),
      sync: await replicator.status(),
      ...((await mrns.isUncertain()) && { attention: [UNCERTAIN] }),
    }
    response.json(status)
  })
  app.get('/refused', async (_request, response) => {
    const list: RefusedAnswer = { refused: await replicator.refusedPage('', MOST_REFUSED_SHOWN) }
    response.json(list)
  })
  app.post('/refused/retry', (_request, response) => {
    replicator.retryRefused()
    response.status(202).json({ status: 'asked' })
  })
  app.post('/registration', async (_request, response) => {
    if (!(await agent.askAgain()))
      throw new CodedError('REGISTRATION_DECIDED', 'This facility is registered, and need not ask.')
    response.status(202).json(agent.status())
  })
}
