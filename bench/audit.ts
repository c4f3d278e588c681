import { ulid } from 'ulid'
import { openAuditLog } from '../hub/audit/audit-log'
import { auditDatabaseOf } from '../hub/audit/couch-audit'
import { connect } from '../hub/couch/connect'
import { setUpCouch } from '../hub/couch/set-up'
import { createLog } from '../runtime/log'
import { startCouch } from '../test/support/couch'
import { type Figure, printTable } from './table'

const WARM_UP = 100
const ENTRIES = 1_000
const AT_ONCE = [1, 8, 64]
const ROUNDS = 3

/** Entries of the audit as they were written before there were chains, a PUT each, against the chain of a gateway. */
export async function benchAudit(): Promise<void> {
  const store = await startCouch()
  const couch = connect(store.address)
  await setUpCouch(couch, { log: createLog('hub', 'silent'), signal: AbortSignal.timeout(60_000) })
  const audit = couch.database('audit')
  const log = openAuditLog(auditDatabaseOf(audit))
  const entry = () => ({
    _id: `node-102:${ulid()}`,
    kind: 'import' as const,
    action: 'Patient/$everything',
    at: new Date().toISOString(),
    outcome: 'allowed' as const,
    node: 'node-102',
    mrn: '10100000018',
    purpose: 'TREAT',
  })
  const put = async () => void (await audit.put(entry()))
  const chained = async () => void (await log.write(entry()))
  try {
    for (const atOnce of AT_ONCE) {
      await measure(put, WARM_UP, atOnce)
      await measure(chained, WARM_UP, atOnce)
      const [peer, ours] = [[], []] as [number[], number[]]
      // In turns, so that what else the machine does falls on both.
      for (let round = 0; round < ROUNDS; round++) {
        peer.push(await measure(put, ENTRIES, atOnce))
        ours.push(await measure(chained, ENTRIES, atOnce))
      }
      const rows: Figure[] = [['entries/s', median(peer), median(ours), 'more']]
      printTable(`${ENTRIES} audit entries, ${atOnce} at once, middle of ${ROUNDS}`, 'a PUT each', 'a chain', rows)
    }
  } finally {
    await log.stop()
    await couch.stop()
    await store.stop()
  }
}

async function measure(write: () => Promise<void>, entries: number, atOnce: number): Promise<number> {
  const startedAt = performance.now()
  let left = entries
  const worker = async () => {
    while (left-- > 0) await write()
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return (entries * 1_000) / (performance.now() - startedAt)
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
