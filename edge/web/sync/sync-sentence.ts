import type { EdgeStatus } from '../../../schemas/generated/types'

/** What one line says of the records' safety: a key of the words, what goes into it, and how it is meant. */
export interface SyncSentence {
  readonly key:
    | 'unregistered'
    | 'pending'
    | 'rejected'
    | 'suspended'
    | 'contested'
    | 'nothingYet'
    | 'allSafe'
    | 'allSafeRefused'
    | 'sending'
    | 'sendingUnknown'
    | 'resting'
    | 'noLink'
  readonly tone: 'good' | 'busy' | 'waiting' | 'attention'
  /** Moments as ISO texts, for whoever shows them to put into local form. */
  readonly at?: string
  readonly count?: number
  readonly seconds?: number
}

/**
 * One honest sentence, of what the hub has said and nothing else (law 5). What needs a person comes first, then what waits.
 */
export function syncSentence({ registration, sync }: EdgeStatus): SyncSentence {
  const count = sync.pendingDocuments
  const since = sync.lastAcknowledgedAt ?? undefined
  if (registration.status === 'pending') return { key: 'pending', tone: 'attention' }
  if (registration.status === 'rejected') return { key: 'rejected', tone: 'attention' }
  switch (sync.state) {
    case 'unregistered':
      return { key: 'unregistered', tone: 'attention', count }
    case 'contested':
      return { key: 'contested', tone: 'attention', count }
    case 'waiting':
      return { key: 'noLink', tone: 'waiting', count, ...(since !== undefined && { at: since }) }
    case 'resting':
      return { key: 'resting', tone: 'waiting', count, ...(sync.retryAt !== undefined && { at: sync.retryAt }) }
    default:
      return count > 0 ? sending(sync) : safe(sync)
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
