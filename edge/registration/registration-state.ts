import type { ErrorCode } from '../../protocol/error-codes'
import { nodeNameOf } from '../../protocol/node-name'
import type {
  DataAccessAnswer,
  KeptRegistration,
  NodeConfiguration,
  NodeCredentials,
  RegistrationAnswer,
  RegistrationReceipt,
} from '../../schemas/generated/types'

/** The one request that brings the registration further. */
export type Step = 'register' | 'ask' | 'configure' | 'request-data-access'

/** What came of a step. */
export type StepEvent =
  /** POST /registrations → 200, 201 */
  | { kind: 'receipt'; receipt: RegistrationReceipt }
  /** GET /registrations/{id} → 200 */
  | { kind: 'answer'; answer: RegistrationAnswer }
  /** GET /registrations/{id} → 401: expired, or a hub that knows nothing of it */
  | { kind: 'unknown' }
  /** GET /node/configuration → 200, or 304 with the one that we have; `tag` is its ETag */
  | { kind: 'configuration'; configuration: NodeConfiguration; tag?: string }
  /** POST /node/data-access → 202 */
  | { kind: 'data-access'; answer: DataAccessAnswer }
  /** Basic credentials → 401 */
  | { kind: 'credentials-refused' }
  /** Basic credentials → 403 NODE_SUSPENDED */
  | { kind: 'suspended'; reason: string }
  /** A decision that only people can change: it is shown, and asked again slowly. */
  | { kind: 'refused'; code: ErrorCode; reason: string }
  /** No answer of the hub, or one that says "later". */
  | { kind: 'failed'; reason: string; retryAfterMs?: number }

export interface KnownConfiguration {
  readonly tag: string
  readonly configuration: NodeConfiguration
}

/** What is kept on disk, and what only this run knows. */
export interface RegistrationState {
  readonly kept: KeptRegistration
  /** The hub did not know our credentials: next we ask, with the claim, for others. */
  readonly credentialsRefused: boolean
  /** The hub did not take the new credentials that it gave us: the ones before are used until it gives others. */
  readonly nextRefused: boolean
  /** How many steps in a row failed. */
  readonly failures: number
  /** How many answers in a row left everything as it was. */
  readonly unchanged: number
  /** The configuration as the hub last sent it, and its ETag: the hub need not send it again. */
  readonly known?: KnownConfiguration
}

export function initialState(kept: KeptRegistration): RegistrationState {
  return { kept, credentialsRefused: false, nextRefused: false, failures: 0, unchanged: 0 }
}

/**
 * What the hub is asked with. New credentials are tried first by this question alone; all else goes on with those that are
 * proven, until the hub has answered it.
 */
export function credentialsToTry({ kept, nextRefused }: RegistrationState): NodeCredentials | undefined {
  return nextRefused ? kept.credentials : (kept.nextCredentials ?? kept.credentials)
}

/** Whether the next question tries new credentials. */
export function triesNext(state: RegistrationState): boolean {
  return state.kept.nextCredentials !== undefined && !state.nextRefused
}

export function stepOf(state: RegistrationState): Step {
  const { kept, credentialsRefused } = state
  if (kept.registrationId === undefined) return 'register'
  if (kept.status === 'pending' || kept.status === 'rejected') return 'ask'
  if (kept.credentials === undefined || credentialsRefused) return 'ask'
  if (triesNext(state)) return 'configure'
  return kept.status === 'accepted' && kept.configuration?.dataAccess.status === 'none'
    ? 'request-data-access'
    : 'configure'
}

/** Pure. The result's `kept` is another object exactly if something must be written. */
export function nextState(state: RegistrationState, event: StepEvent): RegistrationState {
  switch (event.kind) {
    case 'failed':
      return { ...state, failures: state.failures + 1 }
    case 'refused':
      return answered(state, withReason(state.kept, state.kept.status, event.reason))
    case 'receipt':
      // Also for a repeated request that was decided meanwhile: the next step is to ask, which tells the rest.
      return answered(state, withReason({ ...state.kept, registrationId: event.receipt.id }, 'pending'))
    case 'unknown': {
      // The same claim asks again. Should this hub be a restored one, credentials that it gave may still be good.
      const { registrationId: _gone, ...kept } = state.kept
      return answered(state, withReason(kept, 'unregistered'))
    }
    case 'answer':
      return afterAnswer(state, event.answer)
    case 'configuration': {
      const { known: _before, ...rest } = state
      const known = event.tag === undefined ? {} : { known: { tag: event.tag, configuration: event.configuration } }
      const kept = withNext(withProven(state), event.configuration.credentials)
      const isRefused = state.nextRefused && isSame(kept.nextCredentials, state.kept.nextCredentials)
      return answered({ ...rest, ...known, nextRefused: isRefused }, withConfiguration(kept, event.configuration))
    }
    case 'data-access': {
      const { configuration } = state.kept
      if (configuration === undefined) return answered(state, state.kept)
      const { nodePassword: _kept, reason: _old, ...dataAccess } = configuration.dataAccess
      return answered(state, {
        ...state.kept,
        configuration: { ...configuration, dataAccess: { ...dataAccess, ...event.answer } },
      })
    }
    case 'credentials-refused':
      return triesNext(state)
        ? { ...state, nextRefused: true, failures: 0 }
        : { ...state, credentialsRefused: true, nextRefused: false, failures: 0 }
    case 'suspended':
      // Said only to who has shown a right password.
      return answered(state, withReason(withProven(state), 'suspended', event.reason))
  }
}

function afterAnswer(state: RegistrationState, answer: RegistrationAnswer): RegistrationState {
  const { kept } = state
  switch (answer.status) {
    case 'pending':
      return answered(state, withReason(kept, 'pending'))
    case 'rejected':
      return answered(state, withReason(kept, 'rejected', answer.reason))
    case 'accepted': {
      if (answer.credentials !== undefined) {
        const { nextCredentials: _older, ...rest } = kept
        const fresh = { ...rest, credentials: answer.credentials }
        const next = answer.configuration
          ? withConfiguration(fresh, answer.configuration)
          : withReason(fresh, 'accepted')
        return answered({ ...state, credentialsRefused: false }, next)
      }
      // They were handed over before. Ours may be good again by now, so the next step tries them, if there are any.
      const reason =
        'The hub has handed over the credentials before and no longer takes them. Its operator can rotate them.'
      const lost = kept.credentials === undefined || state.credentialsRefused
      return answered({ ...state, credentialsRefused: false }, withReason(kept, 'accepted', lost ? reason : undefined))
    }
  }
}

/** Those that the hub has just taken are the ones from now on. */
function withProven(state: RegistrationState): KeptRegistration {
  const { nextCredentials, ...kept } = state.kept
  return triesNext(state) && nextCredentials ? { ...kept, credentials: nextCredentials } : state.kept
}

/** What the hub offers now beside those that we have; where it offers nothing, nothing waits to be tried. */
function withNext(kept: KeptRegistration, offered: NodeCredentials | undefined): KeptRegistration {
  const { nextCredentials: _before, ...rest } = kept
  const isNew = offered?.nodeName === nodeNameOf(kept.externalId) && !isSame(offered, kept.credentials)
  return isNew && offered ? { ...rest, nextCredentials: offered } : rest
}

function isSame(a: NodeCredentials | undefined, b: NodeCredentials | undefined): boolean {
  return a !== undefined && a.syncPassword === b?.syncPassword
}

function withConfiguration(kept: KeptRegistration, configuration: NodeConfiguration): KeptRegistration {
  const { credentials: _apart, ...open } = configuration
  const { nodePassword, ...dataAccess } = open.dataAccess
  return {
    ...withReason(kept, 'accepted'),
    configuration: { ...open, dataAccess },
    ...(nodePassword !== undefined && { nodePassword }),
  }
}

function withReason(kept: KeptRegistration, status: KeptRegistration['status'], reason?: string): KeptRegistration {
  const { reason: _old, ...rest } = kept
  return { ...rest, status, ...(reason && { reason: reason.slice(0, 500) }) }
}

function answered(state: RegistrationState, kept: KeptRegistration): RegistrationState {
  const same = JSON.stringify(kept) === JSON.stringify(state.kept)
  return { ...state, kept: same ? state.kept : kept, failures: 0, unchanged: same ? state.unchanged + 1 : 0 }
}
