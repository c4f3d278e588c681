import type { FailureCause } from './push-state'

/** What each cause means to the people at the facility, and what they can do. */
export const FAILURE_SENTENCES: Record<FailureCause, string> = {
  unreachable: 'The hub can not be reached. Records are kept here and go up once the link is back.',
  'not-a-hub':
    'Something else answers in place of the hub, perhaps the login page of this network. Sign in to the network.',
  unauthorized: 'The hub does not accept this facility’s credentials. If this lasts, call the ministry.',
  suspended: 'The ministry has suspended this facility. Records are kept here; call the ministry.',
  overloaded: 'The hub is busy. Records are kept here and go up in a moment.',
  'hub-fault': 'The hub has a fault. Records are kept here, and the edge goes on trying.',
  'edge-fault': 'This edge has a fault; its log says which. Records are kept here, and it goes on trying.',
}

/** R18. */
export const CONTESTED_SENTENCE =
  'Another machine pushes in the name of this facility, so this one has stopped. Switch off the one that is the copy and restart this edge, or call the ministry.'

/** A try to push that failed. */
export class PushFailure extends Error {
  readonly retryAfterMs: number | undefined

  constructor(
    readonly kind: FailureCause,
    options?: { cause?: unknown; retryAfterMs?: number | undefined },
  ) {
    super(FAILURE_SENTENCES[kind], options)
    this.name = 'PushFailure'
    this.retryAfterMs = options?.retryAfterMs
  }
}

/**
 * The hub does not take the body as a whole: it is too large (413), or something in it can't be used (400, 415, 422). Where
 * there is nothing to halve, it counts as a fault of the hub.
 */
export class ContentRefused extends PushFailure {
  constructor(
    readonly code: string,
    reason: string,
  ) {
    super('hub-fault')
    this.message = reason
    this.name = 'ContentRefused'
  }
}

/**
 * The hub's checkpoint is not the one that we know: an answer was lost, the hub was restored, or another machine pushes in
 * this facility's name. Comparing the two ends tells which (R18, R19).
 */
export class StaleCheckpoint extends Error {
  constructor() {
    super('The hub’s checkpoint is not the one that this edge knows.')
    this.name = 'StaleCheckpoint'
  }
}
