import type { EdgeStatus } from '../../../schemas/generated/types'

/** What one line says of the records' safety: a key of the words, what goes into it, and how it is meant. */
export interface SyncSentence {
  readonly key:
    | 'diskFailed'
    | 'clockBehind'
    | 'clockAhead'
    | 'unregistered'
    | 'pending'
    | 'rejected'
    | 'suspended'
    | 'contested'
    | 'portal'
    | 'unauthorized'
    | 'busyHub'
    | 'hubFault'
    | 'edgeFault'
    | 'nothingYet'
    | 'allSafe'
    | 'allSafeRefused'
    | 'sending'
    | 'sendingUnknown'
    | 'comparing'
    | 'resting'
    | 'restingDay'
    | 'noLink'
    | 'neverLink'
  readonly tone: 'good' | 'busy' | 'waiting' | 'attention'
  /** Moments as ISO texts, for whoever shows them to put into local form. */
  readonly at?: string
  readonly count?: number
  readonly seconds?: number
}

/** An acknowledgement cannot have come later than now. */
const CLOCK_SLACK_MS = 5 * 60_000

/**
 * One honest sentence, of what the hub has said and nothing else (law 5). What needs a person comes first, then what waits.
 */
export function syncSentence({ registration, sync, attentionCodes = [] }: EdgeStatus, now: Date): SyncSentence {
  const count = sync.pendingDocuments
  if (attentionCodes.includes('DATABASE_UNAVAILABLE')) return { key: 'diskFailed', tone: 'attention' }
  if (attentionCodes.includes('CLOCK_AHEAD')) return { key: 'clockAhead', tone: 'attention' }
  if (attentionCodes.includes('CLOCK_BEHIND') || isClockBehind(sync.lastAcknowledgedAt, now))
    return { key: 'clockBehind', tone: 'attention' }
  if (registration.status === 'pending') return { key: 'pending', tone: 'attention' }
  if (registration.status === 'rejected') return { key: 'rejected', tone: 'attention' }
  if (registration.status === 'suspended') return { key: 'suspended', tone: 'attention', count }
  switch (sync.state) {
    case 'unregistered':
      return { key: 'unregistered', tone: 'attention', count }
    case 'contested':
      return { key: 'contested', tone: 'attention', count }
    case 'waiting':
      return { ...waiting(sync), count }
    case 'resting':
      return {
        key: sync.cause === 'day' ? 'restingDay' : 'resting',
        tone: 'waiting',
        count,
        ...(sync.retryAt !== undefined && { at: sync.retryAt }),
      }
    case 'comparing':
      return count > 0 ? { key: 'comparing', tone: 'busy', count } : safe(sync)
    default:
      return count > 0 ? sending(sync) : safe(sync)
  }
}

/** The clock was turned back, or the battery that keeps it is empty: what is written now would seem older than it is. */
export function isClockBehind(lastAcknowledgedAt: string | null, now: Date): boolean {
  return lastAcknowledgedAt !== null && Date.parse(lastAcknowledgedAt) > now.getTime() + CLOCK_SLACK_MS
}

function waiting({ cause, lastAcknowledgedAt }: EdgeStatus['sync']): SyncSentence {
  switch (cause) {
    case 'not-a-hub':
      return { key: 'portal', tone: 'attention' }
    case 'unauthorized':
      return { key: 'unauthorized', tone: 'attention' }
    case 'suspended':
      return { key: 'suspended', tone: 'attention' }
    case 'overloaded':
      return { key: 'busyHub', tone: 'waiting' }
    case 'hub-fault':
      return { key: 'hubFault', tone: 'waiting' }
    case 'edge-fault':
      return { key: 'edgeFault', tone: 'attention' }
    default:
      return lastAcknowledgedAt === null
        ? { key: 'neverLink', tone: 'waiting' }
        : { key: 'noLink', tone: 'waiting', at: lastAcknowledgedAt }
  }
}

function sending({ pendingDocuments: count, estimatedSeconds }: EdgeStatus['sync']): SyncSentence {
  return estimatedSeconds === null
    ? { key: 'sendingUnknown', tone: 'busy', count }
    : { key: 'sending', tone: 'busy', count, seconds: estimatedSeconds }
}

function safe({ lastAcknowledgedAt, refusedDocuments }: EdgeStatus['sync']): SyncSentence {
  if (lastAcknowledgedAt === null) return { key: 'nothingYet', tone: 'good' }
  return refusedDocuments > 0
    ? { key: 'allSafeRefused', tone: 'attention', at: lastAcknowledgedAt, count: refusedDocuments }
    : { key: 'allSafe', tone: 'good', at: lastAcknowledgedAt }
}
