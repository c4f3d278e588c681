import type { EdgeStatus } from '../../schemas/generated/types'
import { RESTING_SENTENCES } from './budget'
import { CONTESTED_SENTENCE, FAILURE_SENTENCES } from './push-failure'
import type { PushState } from './push-state'
import type { Speed } from './speed'
import type { WaitingCounts } from './waiting-records'

/** The part `sync` of GET /status. */
export type SyncStatus = EdgeStatus['sync']

/** What the engine tells of itself: numbers that it has counted, and null where it does not know. */
export function syncStatus(
  waiting: WaitingCounts,
  engine: Pick<SyncStatus, 'refusedDocuments' | 'lastAcknowledgedAt' | 'bytesSent' | 'bytesToday'> & {
    state: PushState
    speeds: { wire: Speed; documents: Speed }
    /** Of the monotonic clock, as the states and the speeds. */
    nowMs: number
  },
): SyncStatus {
  const { state, speeds, nowMs, ...counted } = engine
  const isSending = state.kind === 'pushing'
  return {
    state: state.kind,
    pendingDocuments: waiting.documents,
    pendingBytes: waiting.bytes,
    oldestPendingAt: waiting.oldestAt,
    lanes: { urgent: waiting.urgent, history: waiting.documents - waiting.urgent },
    ...counted,
    bytesPerSecond: isSending ? speeds.wire.perSecond(nowMs) : 0,
    estimatedSeconds: estimate(waiting, isSending ? speeds.documents.perSecond(nowMs) : 0),
    ...shown(state, nowMs),
  }
}

function estimate({ documents, bytes }: WaitingCounts, bytesPerSecond: number): number | null {
  if (documents === 0) return 0
  return bytesPerSecond === 0 ? null : Math.ceil(bytes / bytesPerSecond)
}

/** When it goes on by itself, and what a person needs to know meanwhile. */
function shown(state: PushState, nowMs: number): Pick<SyncStatus, 'retryAt' | 'reason' | 'cause'> {
  switch (state.kind) {
    case 'waiting':
      return {
        retryAt: new Date(Date.now() + state.retryAtMs - nowMs).toISOString(),
        reason: FAILURE_SENTENCES[state.cause],
        cause: state.cause,
      }
    case 'resting':
      return {
        retryAt: new Date(state.untilMs).toISOString(),
        reason: RESTING_SENTENCES[state.cause],
        cause: state.cause,
      }
    case 'contested':
      return { reason: CONTESTED_SENTENCE }
    default:
      return {}
  }
}
