import { openAuditLog } from '../../../hub/audit/audit-log'
import { auditDatabaseOf } from '../../../hub/audit/couch-audit'
import { connect } from '../../../hub/couch/connect'
import type { CouchDatabase } from '../../../hub/couch/couch-database'
import { setUpCouch } from '../../../hub/couch/set-up'
import { recordReaderOf } from '../../../hub/import/couch-records'
import { createLog } from '../../../runtime/log'
import type { AuditEntry, NodeDocument } from '../../../schemas/generated/types'
import { startCouch } from '../../support/couch'
import type { Stored } from './hub-of-fakes'
import { serveImports } from './serve-imports'

/** The import's routes over a real store, and a node that may import. */
export interface GatewayOnStore {
  url: string
  node: NodeDocument
  nodePassword: string
  ehr: CouchDatabase
  put(records: readonly Stored[]): Promise<void>
  audit(): Promise<AuditEntry[]>
  stop(): Promise<void>
}

export async function startGatewayOnStore(node: NodeDocument, nodePassword: string): Promise<GatewayOnStore> {
  const store = await startCouch()
  const couch = connect(store.address)
  const log = createLog('hub', 'error')
  await setUpCouch(couch, { log, signal: new AbortController().signal })
  const ehr = couch.database('ehr')
  const gateway: GatewayOnStore = {
    url: '',
    node,
    nodePassword,
    ehr,
    async put(records) {
      const refused = await ehr.bulk(records.map(({ _rev: _, ...document }) => document))
      expect(refused.filter(({ error }) => error !== undefined)).toEqual([])
    },
    audit: async () =>
      (await couch.database('audit').allDocs<AuditEntry>({ includeDocs: true }))
        .flatMap(({ doc }) => (doc ? [doc] : []))
        .filter(({ kind }) => kind === 'import'),
    stop: () => Promise.resolve(),
  }
  const auditLog = openAuditLog(auditDatabaseOf(couch.database('audit')))
  const served = await serveImports({
    signerOf: async (name) => {
      const isKnown = name === gateway.node.nodeName
      return { node: isKnown ? gateway.node : undefined, nodePasswords: isKnown ? [gateway.nodePassword] : [] }
    },
    dataAccessUsed: () => Promise.resolve(),
    writeAudit: auditLog.write,
    records: recordReaderOf(ehr, couch.askText),
    consentPolicy: 'permit-unless-refused',
    log,
  })
  gateway.url = served.url
  gateway.stop = async () => {
    await served.stop()
    await auditLog.stop()
    await couch.stop()
    await store.stop()
  }
  return gateway
}
