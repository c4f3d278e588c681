import type { AddressInfo } from 'node:net'
import { auditWriter } from '../../../hub/audit/audit-log'
import { auditDatabaseOf } from '../../../hub/audit/couch-audit'
import { connect } from '../../../hub/couch/connect'
import type { CouchDatabase } from '../../../hub/couch/couch-database'
import { setUpCouch } from '../../../hub/couch/set-up'
import { recordReaderOf } from '../../../hub/import/couch-records'
import type { StoredRecord } from '../../../hub/import/read-record'
import { importRoutes } from '../../../hub/import/routes'
import { CodedError } from '../../../protocol/error-codes'
import { refusalOf } from '../../../protocol/refusal-of'
import { closeApp, openApp } from '../../../runtime/http-server'
import { createLog } from '../../../runtime/log'
import type { AuditEntry, NodeDocument } from '../../../schemas/generated/types'
import { startCouch } from '../../support/couch'

/** The import's routes over a real store, and a node that may import. */
export interface GatewayOnStore {
  url: string
  node: NodeDocument
  nodePassword: string
  ehr: CouchDatabase
  put(records: readonly StoredRecord[]): Promise<void>
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
  const app = openApp(log)
  app.use(
    importRoutes({
      nodeOf: async (name) => (name === gateway.node.nodeName ? gateway.node : undefined),
      nodePassword: async (name) => (name === gateway.node.nodeName ? gateway.nodePassword : undefined),
      dataAccessUsed: () => Promise.resolve(),
      writeAudit: auditWriter(auditDatabaseOf(couch.database('audit'))),
      records: recordReaderOf(ehr),
      log,
    }),
  )
  closeApp(
    app,
    log,
    (error, { path }) => refusalOf(error, path, () => 'fault-1'),
    () => new CodedError('NOT_FOUND', 'There is nothing here.'),
  )
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  gateway.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  gateway.stop = async () => {
    server.close().closeAllConnections()
    await couch.stop()
    await store.stop()
  }
  return gateway
}
