import { type SyncSentence, syncSentence } from '../../../../edge/web/sync/sync-sentence'
import type { EdgeStatus } from '../../../../schemas/generated/types'

const NOW = new Date('2026-01-15T07:00:00.000Z')
const AT = '2026-01-15T06:00:00.000Z'

function status(sync: Partial<EdgeStatus['sync']>, rest: Partial<EdgeStatus> = {}): EdgeStatus {
  return {
    externalId: '101',
    registration: { status: 'accepted' },
    dataAccess: { status: 'none' },
    ...rest,
    sync: {
      ...{ state: 'idle', pendingDocuments: 0, pendingBytes: 0, oldestPendingAt: null, refusedDocuments: 0 },
      ...{ lanes: { urgent: 0, history: 0 }, lastAcknowledgedAt: AT, bytesSent: 0, bytesPerSecond: 0 },
      ...{ estimatedSeconds: null, bytesToday: 0, ...sync },
    },
  }
}

const waiting = { state: 'waiting', pendingDocuments: 7 }

test.each<[SyncSentence['key'], EdgeStatus]>([
  ['diskFailed', status({ pendingDocuments: 7 }, { attentionCodes: ['DATABASE_UNAVAILABLE'] })],
  ['clockBehind', status({ lastAcknowledgedAt: '2026-01-15T07:06:00.000Z' })],
  ['clockBehind', status({ pendingDocuments: 7 }, { attentionCodes: ['CLOCK_BEHIND'] })],
  ['clockAhead', status({ pendingDocuments: 7 }, { attentionCodes: ['NODE_SUSPENDED', 'CLOCK_AHEAD'] })],
  ['unregistered', status({ state: 'unregistered' }, { registration: { status: 'unregistered' } })],
  ['pending', status({ state: 'unregistered' }, { registration: { status: 'pending' } })],
  ['rejected', status({ state: 'unregistered' }, { registration: { status: 'rejected' } })],
  ['suspended', status({ state: 'unregistered' }, { registration: { status: 'suspended' } })],
  ['suspended', status({ ...waiting, cause: 'suspended' })],
  ['contested', status({ state: 'contested', pendingDocuments: 7 })],
  ['portal', status({ ...waiting, cause: 'not-a-hub' })],
  ['unauthorized', status({ ...waiting, cause: 'unauthorized' })],
  ['busyHub', status({ ...waiting, cause: 'overloaded' })],
  ['hubFault', status({ ...waiting, cause: 'hub-fault' })],
  ['edgeFault', status({ ...waiting, cause: 'edge-fault' })],
  ['noLink', status({ ...waiting, cause: 'unreachable' })],
  ['noLink', status(waiting)],
  ['neverLink', status({ ...waiting, lastAcknowledgedAt: null })],
  ['resting', status({ state: 'resting', cause: 'hours', pendingDocuments: 7, retryAt: AT })],
  ['restingDay', status({ state: 'resting', cause: 'day', pendingDocuments: 7, retryAt: AT })],
  ['comparing', status({ state: 'comparing', pendingDocuments: 7 })],
  ['allSafe', status({ state: 'comparing' })],
  ['sendingUnknown', status({ state: 'pushing', pendingDocuments: 7 })],
  ['sending', status({ state: 'pushing', pendingDocuments: 7, estimatedSeconds: 240 })],
  ['nothingYet', status({ lastAcknowledgedAt: null })],
  ['allSafe', status({})],
  ['allSafe', status({ lastAcknowledgedAt: '2026-01-15T07:04:00.000Z' })],
  ['allSafeRefused', status({ refusedDocuments: 2 })],
])('says %s', (key, seen) => {
  expect(syncSentence(seen, NOW).key).toBe(key)
})

test('never says that all is safe while something waits, or while nobody has said so', () => {
  const states = ['unregistered', 'comparing', 'pushing', 'idle', 'waiting', 'contested', 'resting', 'something new']
  for (const state of states) {
    for (const sync of [
      { state, pendingDocuments: 1 },
      { state, lastAcknowledgedAt: null },
    ])
      expect(syncSentence(status(sync), NOW).key).not.toMatch(/^allSafe/)
  }
})
