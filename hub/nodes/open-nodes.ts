import type { Request } from 'express'
import { CodedError } from '../../protocol/error-codes'
import type { Log } from '../../runtime/log'
import type { NodeConfiguration, NodeDocument, NodeSummary, RegistrationDocument } from '../../schemas/generated/types'
import type { Handlers } from '../access/handlers'
import type { NewAuditEntry } from '../audit/audit-log'
import type { CouchDatabase } from '../couch/couch-database'
import type { AskAsUser, NodeSessions } from '../couch/run-as'
import { actAsNode } from './act-as-node'
import { answerRegistration, claimedRegistration } from './answer-registration'
import { identifyNode, nodeAuthenticator } from './authenticate-node'
import { basicOf, bearerOf } from './basic-auth'
import { type ConfigurationRouteName, configurationRoutes } from './configuration-routes'
import { couchPasswordCheck, databaseOf, waitingIn } from './couch-nodes'
import { requestDataAccess } from './data-access'
import { endOverlaps } from './end-overlaps'
import { nodeList, registrationList } from './lists'
import { nodeConfiguration } from './node-configuration'
import { listNodes, nodeUnknown, readNode } from './node-documents'
import { type NodeRouteName, nodeRoutes } from './node-routes'
import { openNodeStores } from './node-stores'
import { type OperatorRouteName, operatorRoutes } from './operator-routes'
import { type RegistrationRouteName, registrationRoutes } from './registration-routes'
import { requestRegistration } from './registrations'
import { KeptReports, type ReportOutcome } from './reports/kept-reports'
import { type SeriesRouteName, seriesRoutes } from './reports/series-routes'
import type { Sealer } from './seal'
import { SeenNodes } from './seen-nodes'
import { ShortCache } from './short-cache'
import { WAITING } from './waiting'

export interface Nodes {
  /** All routes of section 4: `/registrations`, `/node`, `/operator`. */
  readonly handlers: Handlers<
    RegistrationRouteName | NodeRouteName | OperatorRouteName | ConfigurationRouteName | SeriesRouteName
  >
  /** Whose claim a request shows: throws UNAUTHENTICATED for an unknown id and for another's claim alike. */
  claimant(request: Request): Promise<RegistrationDocument>
  /** Who calls, by Basic, suspended or not: throws UNAUTHENTICATED. `password` is for acting as its CouchDB user. */
  identify(request: Request): Promise<{ node: NodeDocument; password: string }>
  /** CouchDB as a node's own user, for as long as the node is not suspended. */
  actAs(nodeName: string, password: string): Promise<AskAsUser>
  /** At most some seconds old. */
  nodeOf(nodeName: string): Promise<NodeDocument | undefined>
  /** The keys of a node's signatures, at most some seconds old; none without data access, two while one takes the other's place. */
  nodePasswords(nodeName: string): Promise<readonly string[]>
  /**
   * Who may have signed, and with which keys: at most some seconds old, or read anew. It costs the same for a name that
   * nobody has.
   */
  signerOf(nodeName: string, isFresh: boolean): Promise<Signer>
  /** To be told of every valid signature: from the first on its node password is in no answer any more. */
  dataAccessUsed(nodeName: string, nodePassword: string): Promise<void>
  /** All of them, with what is known of each besides: some questions to the database, however many there are. */
  list(): Promise<NodeSummary[]>
  /** The districts that operators have set, by external ID. */
  districtsSet(): Promise<Map<string, string>>
  /** When each registration that waits for a decision was asked for. */
  waitingSince(): Promise<string[]>
  /** Finishes overlaps that are over and that nobody asks about any more. */
  endOverlaps(): Promise<void>
}

/** No node and no keys for a name that nobody has. */
export interface Signer {
  node: NodeDocument | undefined
  nodePasswords: readonly string[]
}

export function openNodes(parts: {
  database: (name: 'nodes' | 'node_security' | '_users') => CouchDatabase
  sessions: NodeSessions
  sealer: Sealer
  hubId: string
  /** What the database decides about documents by (`rulesOf`). */
  rules: string
  publicUrl?: string | undefined
  addressHashOf: (request: Request) => string
  /** For how long the old credentials of a node work beside new ones, where an operator asks for that. */
  overlapMs: number
  writeAudit: (entry: NewAuditEntry) => Promise<unknown>
  /** The facilities with documents that were refused for a reason. */
  refusedFor: (reason: string) => Promise<string[]>
  /** Told of registrations that are new, and of what is decided about them. */
  registered: (outcome: 'requested' | 'accepted' | 'rejected') => void
  /** Told of each report of an edge. */
  reported: (outcome: ReportOutcome) => void
  log: Log
  now?: () => Date
}): Nodes {
  const { database, hubId, rules, log } = parts
  const at = parts.publicUrl === undefined ? {} : { publicUrl: parts.publicUrl }
  const stores = openNodeStores({
    nodes: databaseOf(database('nodes')),
    nodeSecurity: databaseOf(database('node_security')),
    users: databaseOf(database('_users')),
    sealer: parts.sealer,
    audit: async (entry) => void (await parts.writeAudit(entry)),
    ...(parts.now && { now: parts.now }),
  })
  const { nodes, secrets, settle, now } = stores
  const seen = new SeenNodes(nodes, (error) => log.warn({ err: error }, 'when a node was seen could not be noted'), now)
  const onReport = (outcome: ReportOutcome, err?: unknown) => {
    if (outcome !== 'kept')
      log.warn({ outcome, err }, "an edge's report was not kept; it sends another in some minutes")
    parts.reported(outcome)
  }
  const reports = new KeptReports(nodes, database('nodes'), onReport, now)
  const list = async () => (await nodeList(nodes, { seen: () => seen.all(), reports: () => reports.all() })).nodes
  const cachedNodes = new ShortCache((nodeName) => readNode(nodes, nodeName))
  const cachedPasswords = new ShortCache((nodeName) => secrets.nodePasswords(nodeName))
  const readSigner = async (nodeName: string): Promise<Signer> => {
    const [node, nodePasswords] = await Promise.all([readNode(nodes, nodeName), secrets.nodePasswords(nodeName)])
    return { node, nodePasswords }
  }
  const cachedSigners = new ShortCache(readSigner)
  const authenticate = nodeAuthenticator({
    nodeOf: (nodeName) => cachedNodes.get(nodeName),
    isCouchPassword: couchPasswordCheck(parts.sessions),
    secrets,
    settle,
    seen: (nodeName) => seen.note(nodeName),
  })
  const ownConfiguration = async (
    nodeName: string,
    baseUrl: string,
    mrnCounter: number | undefined,
  ): Promise<NodeConfiguration> => {
    // Not from the cache: an edge that has just asked for something shall see it.
    const node = await readNode(nodes, nodeName)
    if (node === undefined) throw nodeUnknown()
    const mrnFloor = mrnCounter === undefined ? await seen.mrnFloor(nodeName) : await seen.raise(nodeName, mrnCounter)
    const nodePassword = await secrets.nodePasswordToHandOver(nodeName)
    const syncPassword = await secrets.nextSyncPassword(nodeName)
    return nodeConfiguration(node, {
      hubId,
      rules,
      baseUrl,
      mrnFloor,
      ...(nodePassword !== undefined && { nodePassword }),
      ...(syncPassword !== undefined && { syncPassword }),
    })
  }
  const firstConfiguration = async (node: NodeDocument, baseUrl: string): Promise<NodeConfiguration> =>
    nodeConfiguration(node, { hubId, rules, baseUrl, mrnFloor: await seen.mrnFloor(node.nodeName) })
  // More than may wait: expired ones are among them until somebody clears them away.
  const waiting = () => waitingIn(database('nodes'), WAITING.mostInAll + WAITING.mostCleared)
  return {
    handlers: {
      ...registrationRoutes({
        registered: parts.registered,
        addressHashOf: parts.addressHashOf,
        request: (request, addressHash) => requestRegistration(request, addressHash, { nodes, waiting, now }),
        answer: (registration, baseUrl) =>
          answerRegistration(registration, stores, (node) => firstConfiguration(node, baseUrl)),
        ...at,
      }),
      ...nodeRoutes({
        configurationOf: ownConfiguration,
        noteReport: (nodeName, header) => reports.note(nodeName, header),
        requestDataAccess: (nodeName, reason) => requestDataAccess(nodeName, reason, stores),
        ...at,
      }),
      ...operatorRoutes({
        stores,
        listNodes: async () => ({ nodes: await list() }),
        seenAt: (nodeName) => seen.at(nodeName),
        reportOf: (nodeName) => reports.of(nodeName),
        registered: parts.registered,
        overlapMs: parts.overlapMs,
      }),
      ...configurationRoutes(stores, parts.refusedFor),
      ...seriesRoutes({
        readNode: (nodeName) => readNode(nodes, nodeName),
        series: (nodeName, from, to) => reports.series(nodeName, from, to),
        now,
      }),
    },
    async claimant({ params, headers }) {
      const claim = bearerOf(headers.authorization)
      const id = typeof params['id'] === 'string' ? params['id'] : ''
      const registration = claim && (await claimedRegistration(id, claim, stores))
      if (!registration) throw new CodedError('UNAUTHENTICATED', 'No registration has this id and this claim.')
      return registration
    },
    async identify(request) {
      const node = await identifyNode(authenticate)(request)
      return { node, password: basicOf(request.headers.authorization)?.password ?? '' }
    },
    actAs: (nodeName, password) =>
      actAsNode(nodeName, password, {
        sessions: parts.sessions,
        nodeOf: (name) => cachedNodes.get(name),
        readNode: (name) => readNode(nodes, name),
      }),
    async nodeOf(nodeName) {
      const known = await cachedNodes.get(nodeName)
      // What was granted a moment ago counts now; what was taken away may count for as long as the cache keeps it.
      return known?.dataAccess.status === 'accepted' ? known : readNode(nodes, nodeName)
    },
    nodePasswords: async (nodeName) => (await cachedPasswords.get(nodeName)) ?? [],
    signerOf: async (nodeName, isFresh) =>
      (isFresh ? undefined : await cachedSigners.get(nodeName)) ?? readSigner(nodeName),
    dataAccessUsed: (nodeName, nodePassword) => secrets.nodePasswordUsed(nodeName, nodePassword),
    list,
    districtsSet: async () =>
      new Map(
        (await listNodes(nodes)).flatMap(({ externalId, district }): [string, string][] =>
          district === undefined ? [] : [[externalId, district]],
        ),
      ),
    waitingSince: async () => (await registrationList(stores, 'pending')).map(({ requestedAt }) => requestedAt),
    endOverlaps: () => endOverlaps(stores),
  }
}
