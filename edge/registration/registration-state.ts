import type { ErrorCode } from '../../protocol/error-codes'
import type {
  DataAccessAnswer,
  KeptRegistration,
  NodeConfiguration,
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
  /** How many steps in a row failed. */
  readonly failures: number
  /** How many answers in a row left everything as it was. */
  readonly unchanged: number
  /** The configuration as the hub last sent it, and its ETag: the hub need not send it again. */
  readonly known?: KnownConfiguration
}

export function initialState(kept: KeptRegistration): RegistrationState {
  return { kept, credentialsRefused: false, failures: 0, unchanged: 0 }
}

export function stepOf({ kept, credentialsRefused }: RegistrationState): Step {
  if (kept.registrationId === undefined) return 'register'
  if (kept.status === 'pending' || kept.status === 'rejected') return 'ask'
  if (kept.credentials === undefined || credentialsRefused) return 'ask'
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
      return answered({ ...rest, ...known }, withConfiguration(state.kept, event.configuration))
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
      return { ...state, credentialsRefused: true, failures: 0 }
    case 'suspended':
      return answered(state, withReason(state.kept, 'suspended', event.reason))
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
        const fresh = { ...kept, credentials: answer.credentials }
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

function withConfiguration(kept: KeptRegistration, configuration: NodeConfiguration): KeptRegistration {
  const { nodePassword, ...dataAccess } = configuration.dataAccess
  return {
    ...withReason(kept, 'accepted'),
    configuration: { ...configuration, dataAccess },
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
