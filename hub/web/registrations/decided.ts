import type { RegistrationSummary } from '../../../schemas/generated/types'

export interface Decided {
  readonly registration: RegistrationSummary
  /** Nobody of its external ID is accepted or waits, and it is the newest one: that is the one that reopening means. */
  readonly mayAskAgain: boolean
}

/** Registrations that somebody has decided, the newest decision first. */
export function decidedOf(registrations: readonly RegistrationSummary[]): Decided[] {
  const taken = new Set(registrations.filter(({ status }) => status !== 'rejected').map(({ externalId }) => externalId))
  const newest = new Map<string, RegistrationSummary>()
  for (const registration of registrations) {
    const before = newest.get(registration.externalId)
    if (!before || before.requestedAt < registration.requestedAt) newest.set(registration.externalId, registration)
  }
  return registrations
    .filter(({ status }) => status !== 'pending')
    .sort((a, b) => (b.decidedAt ?? '').localeCompare(a.decidedAt ?? ''))
    .map((registration) => {
      const { status, externalId } = registration
      return {
        registration,
        mayAskAgain: status === 'rejected' && !taken.has(externalId) && newest.get(externalId) === registration,
      }
    })
}
