import { RESTING_SENTENCES } from '../../../edge/replicator/budget'
import type { PushState } from '../../../edge/replicator/push-state'
import { Speed } from '../../../edge/replicator/speed'
import { syncStatus } from '../../../edge/replicator/sync-status'
import type { WaitingCounts } from '../../../edge/replicator/waiting-records'

const waiting: WaitingCounts = { documents: 12, bytes: 90_000, urgent: 2, oldestAt: '2026-01-15T00:00:00.000Z' }
const nothing: WaitingCounts = { documents: 0, bytes: 0, urgent: 0, oldestAt: null }
const NOW_MS = 10_000

/** 1,000 bytes a second on the wire and 3,000 of documents, for ten seconds. */
function speeds() {
  const both = { wire: new Speed(), documents: new Speed() }
  for (const speed of Object.values(both)) speed.begin(0)
  for (let ms = 500; ms < NOW_MS; ms += 1_000) {
    both.wire.add(1_000, ms)
    both.documents.add(3_000, ms)
  }
  return both
}

const said = (state: PushState, counts = waiting) =>
  syncStatus(counts, {
    state,
    refusedDocuments: 1,
    lastAcknowledgedAt: null,
    bytesSent: 7,
    bytesToday: 8,
    speeds: speeds(),
    nowMs: NOW_MS,
  })

test('tells speed, and the time that the rest takes at the speed of acknowledgements', () => {
  expect(said({ kind: 'pushing', failures: 0, batchBytes: 1 })).toEqual({
    state: 'pushing',
    pendingDocuments: 12,
    pendingBytes: 90_000,
    oldestPendingAt: '2026-01-15T00:00:00.000Z',
    lanes: { urgent: 2, history: 10 },
    refusedDocuments: 1,
    lastAcknowledgedAt: null,
    bytesSent: 7,
    bytesToday: 8,
    bytesPerSecond: 1_000,
    estimatedSeconds: 30,
  })
})

test.each<[PushState['kind'], PushState, object]>([
  ['unregistered', { kind: 'unregistered', batchBytes: 1 }, {}],
  ['comparing', { kind: 'comparing', failures: 0, batchBytes: 1 }, {}],
  ['idle', { kind: 'idle', batchBytes: 1 }, {}],
  [
    'waiting',
    { kind: 'waiting', failures: 1, cause: 'unreachable', retryAtMs: NOW_MS, batchBytes: 1 },
    { retryAt: expect.any(String), reason: expect.stringMatching(/can not be reached/), cause: 'unreachable' },
  ],
  ['contested', { kind: 'contested', batchBytes: 1 }, { reason: expect.stringMatching(/Another machine/) }],
  [
    'resting',
    { kind: 'resting', untilMs: Date.UTC(2026, 0, 15, 22), cause: 'hours', batchBytes: 1 },
    { retryAt: '2026-01-15T22:00:00.000Z', reason: RESTING_SENTENCES.hours, cause: 'hours' },
  ],
])('tells no speed while it is %s, and no time that nobody knows', (kind, state, shown) => {
  const { bytesPerSecond, estimatedSeconds, retryAt, reason, cause } = said(state)
  expect({ bytesPerSecond, estimatedSeconds }).toEqual({ bytesPerSecond: 0, estimatedSeconds: null })
  expect({ ...(retryAt && { retryAt }), ...(reason && { reason }), ...(cause && { cause }) }).toEqual(shown)
  expect(said(state, nothing)).toMatchObject({ state: kind, estimatedSeconds: 0, oldestPendingAt: null })
})
