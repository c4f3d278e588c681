import { join } from 'node:path'
import type { Request } from 'express'
import { ulid } from 'ulid'
import { CodedError } from '../protocol/error-codes'
import { encodeReport } from '../protocol/node-report'
import { refusalOf } from '../protocol/refusal-of'
import { readCaFile } from '../runtime/ca-file'
import { closeApp, type HttpServer, listen, openApp } from '../runtime/http-server'
import { createLog } from '../runtime/log'
import { PlainError } from '../runtime/plain-error'
import { servePages } from '../runtime/serve-pages'
import { runUntilSignal, type Service } from '../runtime/service'
import { isLoopback, packageVersion } from '../runtime/settings'
import { TlsFiles } from '../runtime/tls-files'
import { validateResource } from '../schemas/fhir/validate-resource'
import type {
  Budget,
  Disclosure,
  Draft,
  EdgeStatus,
  ImportTicket,
  KeptPerson,
  NodeConfiguration,
  RefusedDocument,
} from '../schemas/generated/types'
import { openBackups } from './backup/open-backups'
import { placesFinder } from './backup/places'
import { finishRestore } from './backup/restore-backup'
import { restoreRoutes } from './backup/restore-routes'
import { backupRoutes } from './backup/routes'
import { certificateAttention } from './certificate/certificate-attention'
import { ChangeStream } from './changes/change-stream'
import { feedOfStore } from './changes/feed-of-store'
import { CONNECTION_LIMITS } from './connection-limits'
import { askedAtIn } from './disclosures/asked-at'
import { DisclosureWatch } from './disclosures/disclosure-watch'
import { KeptDisclosures } from './disclosures/kept-disclosures'
import { disclosureRoutes } from './disclosures/routes'
import { documentRoutes } from './documents/routes'
import { KeptDrafts } from './drafts/kept-drafts'
import { draftRoutes } from './drafts/routes'
import { findDuplicates } from './duplicates/find-duplicates'
import { duplicateRoutes } from './duplicates/routes'
import { aboutEdge } from './facility/about'
import { facilityRoutes } from './facility/routes'
import { createOf } from './fhir/change'
import { findByQuery } from './fhir/find-by-query'
import { readDocument } from './fhir/reads'
import { applyChanges } from './fhir/record-changes'
import { fhirRoutes } from './fhir/routes'
import { ImportTickets } from './import/import-tickets'
import { ImportWorker } from './import/import-worker'
import { importRoutes } from './import/routes'
import { knownHostsOnly } from './known-hosts-only'
import { loadBundle } from './load/load-bundle'
import { loadRoutes } from './load/routes'
import { EdgeMetrics } from './metrics/edge-metrics'
import { metricsRoutes } from './metrics/routes'
import { isPageOrAsset, isPagePath } from './pages/page-paths'
import { followWrites } from './patients/follow-writes'
import { PatientFinder } from './patients/patient-finder'
import { patientRoutes } from './patients/routes'
import { askerOf, authorOf, callerOf } from './people/caller'
import { readFacility } from './people/facility'
import { refuseUnless } from './people/guard'
import { openPeople } from './people/open-people'
import { peopleRoutes } from './people/people-routes'
import { practitionerOf } from './people/practitioner'
import { areaOf, areaOfType, mayDo } from './people/roles'
import { refuseOtherPages, sessionRoutes } from './people/session-routes'
import { timesOf } from './people/sessions'
import { startSetup } from './people/start-setup'
import { processRoutes } from './process-routes'
import { accessOf, signerOf } from './registration/access-of'
import { openHubLine } from './registration/hub-line'
import { RegistrationAgent } from './registration/registration-agent'
import { registrationRoutes } from './registration/routes'
import { syncUrlOf } from './registration/sync-url'
import { BudgetKeeper } from './replicator/budget-keeper'
import { BudgetUse } from './replicator/budget-use'
import { RefusedList } from './replicator/refused-list'
import { Replicator } from './replicator/replicator'
import { refusedRoutes } from './replicator/routes'
import { refusedIds, unacknowledged } from './replicator/unacknowledged'
import { edgeReport, freeDiskBytesOf } from './reports/edge-report'
import { clockAttention, HubClock } from './reports/hub-clock'
import { type EdgeSettings, isFacilityUnsaid, readEdgePlace, readEdgeSettings } from './settings'
import { attentionTo } from './status/attention'
import { statusRoutes } from './status/routes'
import { StatusStream } from './status/status-stream'
import { DiskWatch } from './store/disk-watch'
import { EhrStore } from './store/ehr'
import { MrnCounter, TELL_AFTER, UNCERTAIN } from './store/mrn-counter'
import { noticeCopy } from './store/notice-copy'
import { openedIn } from './store/open-failure'
import { PatientIndex } from './store/patient-index'
import { EdgeState, ON_DISK } from './store/state'
import { writeCopies } from './store/write-copies'
import { HubLine } from './verify/ask-hub'
import { type KeptVerification, VerificationMemory } from './verify/kept-verification'
import { verifyRoutes } from './verify/routes'
import { VerifyAgent } from './verify/verify-agent'

const WEB = join(__dirname, 'web')
/** Whose drafts they are where the edge has no accounts. */
const NOBODY_YET = ''
const NOBODY_TO_ASK =
  'EDGE_HOST lets other computers in, and nobody has an account here yet. Start it with EDGE_HOST=127.0.0.1, open it in a browser on this computer, make the first account, and start it with this EDGE_HOST again.'

/** `lontar edge`: runs until it is told to stop. */
export async function runEdge(): Promise<void> {
  const isUnsaid = isFacilityUnsaid()
  const first = isUnsaid ? readEdgePlace() : readEdgeSettings()
  const log = createLog('edge', first.logLevel)
  // What the browser was told of has to be there again when the edge starts anew.
  let port = first.port
  await runUntilSignal(log, async (service, startAnew) => {
    const isRestored = await openedIn(first.dataFolder, () => finishRestore(first.dataFolder))
    if (isRestored) log.info('a backup was put back')
    const facility = isUnsaid ? await readFacility(first.dataFolder) : undefined
    if (isUnsaid && facility === undefined) {
      if (!isLoopback(first.host)) throw new PlainError(NOBODY_TO_ASK)
      const hosts = knownHostsOnly(first.host, first.names ?? [])
      const { dataFolder } = first
      const places = placesFinder(dataFolder, first.backupFolder)
      const restore = restoreRoutes({ dataFolder, places, refuseOtherPages, begin: startAnew })
      const parts = { pages: servePages(WEB, isPagePath), knownHostsOnly: hosts, restore, begin: startAnew }
      const server = await startSetup({ ...first, port }, service, parts)
      port = Number(new URL(server.url).port)
      process.stdout.write(`Lontar edge of no facility yet ready at ${server.url}/start\n`)
      return
    }
    const settings = { ...readEdgeSettings(undefined, facility), port }
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
  // First, so that a certificate which can't be read is said before anything is begun.
  const tls = settings.tls && (await service.started(TlsFiles.open(settings.tls, service.log)))
  const engine = await startEngine(settings, service, startAnew)
  return openDoors({ ...engine, tls }, settings, service)
}

/** What works by itself: the records and what is sent, brought and proved of them. */
async function startEngine(settings: EdgeSettings, service: Service, startAnew: () => void) {
  const { externalId, dataFolder, hubUrl } = settings
  const { log } = service
  const now = () => new Date()
  const trust = settings.hubCaFile === undefined ? {} : { ca: await readCaFile('HUB_CA_FILE', settings.hubCaFile) }
  const store = await service.started(openedIn(dataFolder, () => EhrStore.open(dataFolder)))
  const state = await service.started(openedIn(dataFolder, () => EdgeState.open(dataFolder)))
  const disk = await service.started(new DiskWatch({ folder: dataFolder, onBack: startAnew, log }))
  const accounts = await openPeople(state, { dataFolder, times: timesOf(settings), now, isPage: isPageOrAsset })
  if (!isLoopback(settings.host) && accounts.people.isOpen) throw new PlainError(NOBODY_TO_ASK)
  const onFault = (error: unknown) => disk.notice(error)
  const mrns = new MrnCounter(store, state, externalId)
  const hasPast = async () => (await mrns.hasPast()) || (await store.database.info()).update_seq !== 0
  const noticed = { hasPast, onCopy: () => mrns.doubt(), alongside: () => mrns.changes() }
  await openedIn(dataFolder, () => noticeCopy(dataFolder, state, noticed))
  const index = await service.started(new PatientIndex(store, state))
  const finder = await service.started(new PatientFinder({ store, state, externalId, now }))
  const budget = new BudgetKeeper(settings.budget, await BudgetUse.open(state.part<number>('budget')), now, trust)
  const budgets = state.part<Budget>('budgets')
  budget.useFacility((await budgets.get('facility')) ?? {})
  const hubLine = await service.started(openHubLine(budget.connector))
  const clock = new HubClock()
  const report = () =>
    edgeReport({
      version: packageVersion(),
      sync: () => replicator.status(),
      clockOffsetMs: clock.offsetMs,
      freeDiskBytes: () => freeDiskBytesOf(dataFolder),
      uptimeSeconds: () => process.uptime(),
    })
  const agent = new RegistrationAgent({
    hubUrl,
    externalId,
    facility: { name: settings.name },
    file: join(dataFolder, 'credentials.json'),
    request: hubLine.request,
    mrnCounter: () => mrns.last(),
    report: async () => encodeReport(await report()),
    heardClock: (date, askedMs, answeredMs) => clock.hear(date, askedMs, answeredMs),
    hearFloor: (mrnFloor) => mrns.hear(mrnFloor),
    onFault,
    log: log.child({ part: 'registration' }),
  })
  const replicator = new Replicator({
    database: store.database,
    externalId,
    refused: await RefusedList.open(state.part<RefusedDocument>('refused')),
    budget,
    sessionId: ulid(),
    now,
    random: Math.random,
    log: log.child({ part: 'replicator' }),
    onUnauthorized: () => agent.refresh(),
    onFault,
    onReachable: () => {
      importer.retryNow()
      verifier.retryNow()
      disclosures.retryNow()
    },
  })
  // Before the first question for the configuration, which tells what waits here.
  await service.started(replicator.start())
  await service.started(agent.start())
  await mrns.heardBefore(agent.configuration()?.sync.mrnFloor ?? 0)
  const tickets = await ImportTickets.open(state.part<ImportTicket>('imports'))
  const importer = await service.started(
    new ImportWorker({
      externalId,
      tickets,
      signer: () => signerOf(agent, hubUrl),
      writeCopies: (documents) => writeCopies(store, externalId, documents),
      onAccessRefused: () => agent.refresh(),
      onFault,
      connector: budget.connector,
      log: log.child({ part: 'import' }),
    }),
  )
  const line = new HubLine(() => accessOf(agent, hubUrl), budget.connector)
  const keptDisclosures = await KeptDisclosures.open(state.part<Disclosure>('disclosures'))
  const askedAt = askedAtIn(state.part<string>('disclosures-asked'))
  const disclosures = await service.started(
    new DisclosureWatch({
      kept: keptDisclosures,
      ask: (query, signal) => line.disclosures(query, signal),
      askedAt,
      log: log.child({ part: 'disclosures' }),
    }),
  )
  const verifier = await service.started(
    new VerifyAgent({
      database: store.database,
      externalId,
      hub: line,
      memory: await VerificationMemory.open(state.part<KeptVerification>('verification')),
      unacknowledged: () => unacknowledged(replicator),
      refusedIds: () => refusedIds(replicator),
      sendAgain: (ids) => replicator.sendAgain(ids),
      onAccessRefused: () => agent.refresh(),
      onFault,
      log: log.child({ part: 'verify' }),
    }),
  )
  followRegistration(agent, { hubUrl, replicator, importer, disclosures })
  store.onWritten(() => replicator.wake())
  followWrites(store, finder, log.child({ part: 'patients' }))
  return {
    store,
    state,
    disk,
    accounts,
    mrns,
    index,
    finder,
    budget,
    budgets,
    clock,
    report,
    agent,
    replicator,
    tickets,
    importer,
    keptDisclosures,
    askedAt,
    disclosures,
    verifier,
    now,
  }
}

/** What others ask of it, over HTTP. */
async function openDoors(
  parts: Awaited<ReturnType<typeof startEngine>> & { tls: TlsFiles | undefined },
  settings: EdgeSettings,
  service: Service,
): Promise<HttpServer> {
  const { store, state, disk, mrns, index, finder, clock, report, tls, now } = parts
  const { agent, replicator, budget, budgets, tickets, importer, verifier } = parts
  const { disclosures, keptDisclosures, askedAt } = parts
  const { people, sessions, tokens, signIn, guard, isStillLetIn } = parts.accounts
  const { externalId, dataFolder, hubUrl } = settings
  const { log } = service
  const app = openApp(log)
  app.use(knownHostsOnly(settings.host, settings.names ?? []))
  const status = async (): Promise<EdgeStatus> => ({
    externalId,
    registration: agent.status(),
    dataAccess: agent.dataAccess(),
    sync: await replicator.status(),
    ...attentionTo(
      ['DATABASE_UNAVAILABLE', disk.attention],
      ['MRN_UNCERTAIN', (await mrns.isUncertain()) && UNCERTAIN],
      ...agent.attention().map((sentence) => ['NODE_SUSPENDED', sentence] as const),
      clockAttention(clock.offsetMs),
      tls && certificateAttention(tls.current.cert, now()),
    ),
  })
  if (settings.metricsToken) {
    const measure = async () => ({
      status: await status(),
      report: await report(),
      isDiskFailed: disk.attention !== undefined,
    })
    app.use(metricsRoutes(settings.metricsToken, new EdgeMetrics(measure)))
  }
  app.use(guard)
  const nameOf = (request: Request) => callerOf(request)?.name ?? NOBODY_YET
  const stream = new StatusStream(status, log, isStillLetIn, nameOf)
  app.use(
    processRoutes(async () => {
      disk.refuseIfFailed()
      await store.database.info()
    }),
  )
  app.use(statusRoutes(status, stream))
  app.use(
    refusedRoutes({
      page: (after, limit) => replicator.refusedPage(after, limit),
      retry: () => replicator.retryRefused(),
    }),
  )
  app.use(registrationRoutes(agent))
  const changes = new ChangeStream({
    feed: feedOfStore(store),
    run: ulid(),
    nameOf,
    isStillLetIn,
    mayRead: (request, type) => mayDo(callerOf(request)?.role ?? 'admin', areaOfType(type, false)),
    log: log.child({ part: 'changes' }),
  })
  app.get('/app/changes', (request, response) => changes.listen(request, response))
  const mint = async (count: number) => {
    const minted = await mrns.mint(count)
    if (mrns.untold >= TELL_AFTER) agent.refresh()
    return minted
  }
  const searched = { store, index, externalId }
  const fhir = { ...searched, mint, newId: () => ulid(), now, validate: validateResource, version: packageVersion() }
  const permit = (request: Request, method: string, path: string) => {
    const caller = callerOf(request)
    if (caller) refuseUnless(caller, areaOf(method, path))
  }
  app.use('/fhir', fhirRoutes({ ...fhir, permit, authorOf }))
  const namePractitioner = async (person: KeptPerson) => {
    if (person.practitioner !== undefined) return
    const change = createOf('Practitioner', practitionerOf(person, externalId), validateResource)
    const [made] = await applyChanges([{ change, names: [] }], { ...fhir, find: findByQuery(searched) })
    if (made?.kind === 'created')
      await people.note(person.name, { practitioner: `Practitioner/${made.document.resource.id}` })
  }
  for (const person of people.all()) await namePractitioner(person)
  const facility = { externalId, name: settings.name }
  app.use(sessionRoutes({ facility, people, sessions, signIn }))
  app.use(peopleRoutes({ facility, people, sessions, signIn, tokens, onAdded: namePractitioner }))
  const loading = { ...fhir, mrnOfSource: (id: string) => index.mrnOfSource(id), find: findByQuery(searched) }
  app.use(loadRoutes((bundle) => loadBundle(bundle, loading)))
  app.use(
    importRoutes({
      externalId,
      add: (request, asker) => tickets.add(request, asker),
      get: (id) => tickets.get(id),
      list: (limit, before) => tickets.list(limit, before),
      cancel: async (id, asker) => {
        const ticket = await tickets.cancel(id, asker)
        importer.drop(id)
        return ticket
      },
      askerOf,
      wake: () => importer.wake(),
    }),
  )
  app.use(patientRoutes({ find: (text, page) => finder.find(text, page) }))
  app.use(documentRoutes(async (type, id) => (await readDocument(searched, type, id)).resource))
  app.use(duplicateRoutes((entered) => findDuplicates(entered, finder)))
  app.use(servePages(WEB, isPagePath))
  app.use(
    disclosureRoutes({
      page: (limit, of) => keptDisclosures.page(limit, of),
      askedAt: () => askedAt.read(),
      refresh: () => disclosures.refresh(),
    }),
  )
  const drafts = await KeptDrafts.open(state.part<Draft>('drafts'), now)
  app.use(
    draftRoutes({
      ownerOf: nameOf,
      get: (owner, id) => drafts.get(owner, id),
      keep: (owner, id, draft) => drafts.keep(owner, id, draft),
      discard: (owner, id) => drafts.discard(owner, id),
      othersAt: (owner, id) => drafts.othersAt(owner, id).flatMap((name) => people.of(name)?.fullName ?? []),
    }),
  )
  const backups = openBackups(
    { store, state, facility: { ...facility, hubUrl }, log: log.child({ part: 'backup' }) },
    settings,
  )
  app.use(backupRoutes(await service.started(backups)))
  const aboutFacility = { externalId, name: settings.name, hubUrl, dataFolder, startedAt: now() }
  app.use(
    facilityRoutes({
      about: () => aboutEdge({ ...aboutFacility, certificate: tls?.current.cert }),
      budget: () => ({ ...budget.budgets, bytesToday: budget.bytesToday, days: budget.days }),
      keepBudget: async (own) => {
        await budgets.put('facility', own, ON_DISK)
        budget.useFacility(own)
        replicator.budgetChanged()
      },
    }),
  )
  app.use(verifyRoutes({ request: (start) => verifier.request(start), status: () => verifier.status() }))
  closeApp(
    app,
    log,
    (error, { path, requestId }) => refusalOf(disk.explained(error), path, () => requestId),
    () => new CodedError('NOT_FOUND', 'There is nothing under this address.'),
  )
  const at = { host: settings.host, port: settings.port, setting: 'EDGE_PORT', ...(tls && { tls }) }
  const server = await service.started(listen(app, { ...at, limits: CONNECTION_LIMITS }))
  // Stopped before the server, which waits for the answers that it has under way.
  await service.started(stream)
  await service.started(changes)
  return server
}

/** What the hub grants or takes away takes effect at once. */
function followRegistration(
  agent: RegistrationAgent,
  parts: { hubUrl: string; replicator: Replicator; importer: ImportWorker; disclosures: DisclosureWatch },
): void {
  const againOf = ({ sync: { rules, retryRefusedAt } }: NodeConfiguration) => `${rules} ${retryRefusedAt}`
  const first = agent.configuration()
  let again = first && againOf(first)
  const follow = () => {
    const credentials = agent.credentials()
    const configuration = agent.configuration()
    parts.replicator.useAccess(
      credentials && configuration && { ...credentials, syncUrl: syncUrlOf(configuration, parts.hubUrl) },
    )
    parts.replicator.useBudget(configuration?.sync.budget ?? {})
    parts.replicator.useUrgentTypes(configuration?.sync.lanes?.urgent)
    // R14: what the rules of before refused may be taken by those of now; and an operator may ask for it.
    const said = configuration && againOf(configuration)
    if (said !== undefined && said !== again) parts.replicator.retryRefused()
    again = said ?? again
    parts.importer.retryNow()
    parts.disclosures.retryNow()
  }
  agent.onChange(follow)
  follow()
}
