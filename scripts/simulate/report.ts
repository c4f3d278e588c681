import type { EdgeReport } from '../../protocol/node-report'
import type { SimulatedFacility } from './facility'

const HOUR_MS = 3_600_000
const GIGABYTE = 1e9

/** What the edge of such a facility would say of itself; `behind` is one whose link has been bad for days. */
export function reportOf(facility: SimulatedFacility, nowMs: number): EdgeReport {
  const { documents, bytes, oldestAt } = facility.backlog
  const number = Number(facility.plan.externalId)
  const isBehind = facility.plan.manner === 'behind'
  const lastAcknowledgedAt = isBehind ? facility.startedAt - 80 * HOUR_MS : facility.lastAcknowledgedAt
  return {
    version: number % 9 === 0 ? '0.0.9' : '0.1.0',
    backlogDocuments: isBehind ? documents + 4_000 + number : documents,
    backlogBytes: isBehind ? bytes + 9_000_000 : bytes,
    ...(isBehind && { oldestUnsentAt: iso(facility.startedAt - 80 * HOUR_MS) }),
    ...(!isBehind && oldestAt !== undefined && { oldestUnsentAt: iso(oldestAt) }),
    refusedDocuments: facility.refused,
    ...(lastAcknowledgedAt !== undefined && { lastAcknowledgedAt: iso(lastAcknowledgedAt) }),
    bytesPerSecond: 2_000 + (number % 30) * 1_000,
    bytesToday: facility.line.bytesSent,
    clockOffsetMs: number % 37 === 0 ? 412_000 : (number % 7) * 130,
    freeDiskBytes: number % 41 === 0 ? 0.8 * GIGABYTE : (20 + (number % 80)) * GIGABYTE,
    uptimeSeconds: Math.round((nowMs - facility.startedAt) / 1_000) + (number % 50) * 3_600,
    syncState: isBehind ? 'waiting' : documents > 0 ? 'pushing' : 'idle',
  }
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
