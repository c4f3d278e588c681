import { backOffMs } from '../../runtime/back-off'
import { type RegistrationState, type StepEvent, stepOf, triesNext } from './registration-state'

/** How long between two steps. Every wait is spread by chance, so that facilities don't come in step. */
export interface Pace {
  /** While people decide: at first, and the most it grows to. */
  firstPollMs: number
  mostPollMs: number
  /** Where only people can change an answer. */
  slowMs: number
  /** A suspended facility asks whether it is resumed. */
  suspendedMs: number
  /** An accepted node asks for its configuration. */
  configurationEveryMs: number
  /** After failures in a row. */
  backOff: { firstMs: number; mostMs: number }
}

export const PACE: Pace = {
  firstPollMs: 2_000,
  mostPollMs: 60_000,
  slowMs: 60_000,
  // With its spread within a minute.
  suspendedMs: 40_000,
  configurationEveryMs: 5 * 60_000,
  backOff: { firstMs: 1_000, mostMs: 5 * 60_000 },
}

/**
 * How long to wait after `event` led to `state`.
 *
 * @param random uniform in [0, 1)
 */
export function waitAfterMs(event: StepEvent, state: RegistrationState, pace: Pace, random: () => number): number {
  const spread = (ms: number) => Math.round(ms * (0.8 + 0.4 * random()))
  const poll = () => spread(Math.min(pace.mostPollMs, pace.firstPollMs * 1.5 ** Math.min(state.unchanged, 50)))
  switch (event.kind) {
    case 'failed':
      return Math.max(event.retryAfterMs ?? 0, backOffMs(state.failures, pace.backOff, random))
    case 'refused':
      return spread(pace.slowMs)
    case 'suspended':
      return spread(pace.suspendedMs)
    case 'credentials-refused':
      return 0
    case 'receipt':
    case 'unknown':
    case 'data-access':
      return poll()
    case 'answer':
      if (event.answer.status === 'pending') return poll()
      if (event.answer.credentials === undefined) return spread(pace.slowMs)
      // A hub that gives the same credentials again and again without taking them must not make us spin.
      return state.unchanged === 0 ? 0 : poll()
    case 'configuration':
      // New credentials are tried at once.
      if (stepOf(state) === 'request-data-access' || triesNext(state)) return 0
      return event.configuration.dataAccess.status === 'pending' ? poll() : spread(pace.configurationEveryMs)
  }
}
