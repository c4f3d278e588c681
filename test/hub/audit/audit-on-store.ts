import type { AuditDatabase } from '../../../hub/audit/audit-database'
import { type AuditLog, type NewAuditEntry, openAuditLog } from '../../../hub/audit/audit-log'
import { auditDatabaseOf } from '../../../hub/audit/couch-audit'
import { auditHeads } from '../../../hub/audit/heads'
import { auditEntries } from '../../../hub/audit/list-audit'
import { chainsInOrder } from '../../../hub/audit/list-chains'
import { JUDGED_HERE } from '../../../hub/audit/verify/judging'
import { type VerifyReport, verifyAudit } from '../../../hub/audit/verify/verify-audit'
import { type Couch, connect } from '../../../hub/couch/connect'
import type { CouchDatabase, Stored } from '../../../hub/couch/couch-database'
import { setUpCouch } from '../../../hub/couch/set-up'
import { createLog } from '../../../runtime/log'
import type { AuditEntry, AuditHead } from '../../../schemas/generated/types'
import { startCouch, type TestCouch } from '../../support/couch'

export interface AuditOnStore {
  couch: CouchDatabase
  database: AuditDatabase
  store: TestCouch
  /** A gateway's audit; it is left open. */
  open(options?: Parameters<typeof openAuditLog>[1]): AuditLog
  verify(options?: { here?: AuditHead | undefined; noted?: AuditHead[] }): Promise<VerifyReport>
  /** All entries of a chain in their order; of the only one, if none is named. */
  chain(id?: string): Promise<AuditEntry[]>
  /** What an administrator can do who has put the database's own rules away. */
  tamper: {
    change(id: string, change: (entry: Stored<AuditEntry>) => object): Promise<void>
    remove(...ids: string[]): Promise<void>
    insert(entry: object): Promise<void>
  }
  stop(): Promise<void>
}

export const DEED = { kind: 'node', action: 'resume', outcome: 'allowed', operator: 'operator' } as const
export const deed = (more: Partial<NewAuditEntry> = {}): NewAuditEntry => ({ ...DEED, node: 'node-101', ...more })

/** An empty audit in a real store. */
export async function startAudit(): Promise<AuditOnStore> {
  const store = await startCouch()
  const connection: Couch = connect(store.address)
  await setUpCouch(connection, { log: createLog('hub', 'silent'), signal: AbortSignal.timeout(60_000) })
  const couch = connection.database('audit')
  const database = auditDatabaseOf(couch)
  const logs: AuditLog[] = []
  let isOpen = false
  const unlock = async () => {
    if (isOpen) return
    const rules = await couch.get('_design/append-only')
    if (rules) expect((await couch.remove(rules)).kind).toBe('written')
    isOpen = true
  }
  const get = async (id: string) => {
    const found = await couch.get<AuditEntry>(id)
    if (!found) throw new Error(`no entry ${id}`)
    return found
  }
  return {
    couch,
    database,
    store,
    open(options = {}) {
      const log = openAuditLog(database, options)
      logs.push(log)
      return log
    },
    verify: ({ here, noted = [] } = {}) =>
      verifyAudit(
        {
          heads: () => auditHeads(database, here, new Date()),
          chainEntries: () => auditEntries(database, { kind: 'chain' }),
          byChain: () => chainsInOrder(database, {}),
        },
        JUDGED_HERE,
        noted,
      ),
    async chain(id) {
      const entries: AuditEntry[] = []
      for await (const entry of chainsInOrder(database, { chain: id })) if (entry.chain) entries.push(entry)
      return entries
    },
    tamper: {
      async change(id, change) {
        await unlock()
        expect((await couch.put(change(await get(id)) as { _id: string })).kind).toBe('written')
      },
      async remove(...ids) {
        await unlock()
        for (const id of ids) expect((await couch.remove(await get(id))).kind).toBe('written')
      },
      async insert(entry) {
        await unlock()
        expect((await couch.put(entry as { _id: string })).kind).toBe('written')
      },
    },
    async stop() {
      for (const log of logs) await log.stop()
      await connection.stop()
      await store.stop()
    },
  }
}
