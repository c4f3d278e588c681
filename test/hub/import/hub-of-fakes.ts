import type { ConsentPolicy } from '../../../hub/consent/judge-item'
import type { ImportRoutesDeps } from '../../../hub/import/routes'
import { recordsIn, type StoredRecord } from '../../../hub/import/stored-record'
import { documentIdOf, resourceIdOf } from '../../../protocol/ids'
import { createLog } from '../../../runtime/log'
import type { AuditEntry, NodeDocument, RecordDocument } from '../../../schemas/generated/types'
import { serveImports } from './serve-imports'

/** The import's routes with a database in memory, behind real HTTP. */
export interface HubOfFakes {
  url: string
  node: NodeDocument
  nodePassword: string
  /** In the order in which they were written. */
  audit: AuditEntry[]
  /** What happened, in order: `read`, `audit`, … */
  events: string[]
  /** How many requests are over: the answer was taken, or nobody wants it any more. */
  over: number
  records: Stored[]
  /** Revisions that did not win; a record names them in `_conflicts`. */
  lost: Stored[]
  /** The ids of each query by ids. */
  asked: string[][]
  failAudit: boolean
  /** Noting that the node password was used. */
  failUse: boolean
  /** A partition is read when this is over. */
  hold: Promise<void> | undefined
  /** What reading a partition is said to need, beside what it does. */
  bytesOfARead: number
  stop(): Promise<void>
}

/** A record's document as the database has it. */
export type Stored = RecordDocument & { _rev: string; _conflicts?: string[] }

const AT = '2026-11-22T07:41:03.120Z'

export async function startHubOfFakes(
  consentPolicy: ConsentPolicy = 'permit-unless-refused',
  more: Partial<Pick<ImportRoutesDeps, 'admit' | 'takingMs'>> = {},
): Promise<HubOfFakes> {
  const hub: HubOfFakes = {
    url: '',
    node: nodeDocument(),
    nodePassword: 'fh9tqk3xCw8yVb2mN5sLr7dEoPzJ1aGuXiQ0RcT4YkM',
    audit: [],
    events: [],
    over: 0,
    records: [],
    lost: [],
    asked: [],
    failAudit: false,
    failUse: false,
    hold: undefined,
    bytesOfARead: 0,
    stop: () => Promise.resolve(),
  }
  const served = await serveImports(
    {
      signerOf: async (name, isFresh) => {
        hub.events.push(isFresh ? 'signer read' : 'signer')
        const isKnown = name === hub.node.nodeName
        return { node: isKnown ? hub.node : undefined, nodePasswords: isKnown ? [hub.nodePassword] : [] }
      },
      dataAccessUsed: async () => {
        if (hub.failUse) throw new Error('the disk is full')
        hub.events.push('used')
      },
      writeAudit: async (entry) => {
        if (hub.failAudit) throw new Error('the disk is full')
        // As in the database, others come in between.
        await new Promise((resolve) => setImmediate(resolve))
        if (hub.audit.some(({ _id }) => _id === entry._id)) return 'exists'
        hub.audit.push(entry)
        hub.events.push('audit')
        return 'written'
      },
      records: {
        partition: async (mrn, take) => {
          hub.events.push('read')
          await hub.hold
          take(hub.bytesOfARead)
          return asSent(hub.records.filter(({ _id }) => _id.startsWith(`${mrn}:`)))
        },
        byIds: async (ids) => {
          hub.asked.push([...ids])
          return asSent(hub.records.filter(({ _id }) => ids.includes(_id)))
        },
        leaf: async (id, rev) => hub.lost.find((one) => one._id === id && one._rev === rev),
        linksTo: async (mrn) => linksTo(hub.records, mrn),
      },
      consentPolicy,
      log: createLog('hub', 'silent'),
      ...more,
    },
    () => void hub.over++,
  )
  return Object.assign(hub, served)
}

/** As the database sends them, so that they are read as its answers are. */
export function asSent(records: readonly Stored[]): StoredRecord[] {
  return recordsIn(Buffer.from(JSON.stringify({ rows: records.map((doc) => ({ doc })) })).toString('latin1'))
}

function linksTo(records: readonly Stored[], mrn: string): string[] {
  return records.flatMap((record) =>
    JSON.stringify(record.resource).includes(`"reference":"Patient/${mrn}"`) && record.type === 'Patient' && record.mrn
      ? [record.mrn]
      : [],
  )
}

export function nodeDocument(): NodeDocument {
  return {
    _id: 'node-102',
    kind: 'node',
    nodeName: 'node-102',
    externalId: '102',
    name: 'RSUD Ende',
    registrationId: 'registration-102',
    state: 'active',
    acceptedAt: AT,
    configurationVersion: 1,
    dataAccess: { status: 'accepted' },
  }
}

/** A document as it is at the hub. `local` is left out for a Patient. */
export function record(facility: string, partition: string, type: string, local?: string, elements = {}): Stored {
  const place = local === undefined ? { partition, type } : { partition, type, local }
  return {
    _id: documentIdOf(place),
    _rev: '1-abc',
    type,
    ...(partition === facility ? {} : { mrn: partition }),
    facility,
    recordedAt: AT,
    resource: { resourceType: type, id: resourceIdOf(place), ...elements },
  }
}
