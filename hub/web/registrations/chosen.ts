import type { RegistrationSummary } from '../../../schemas/generated/types'

/** What one request may reject (schemas/messages/reject-all-request.json). */
export const MOST_AT_ONCE = 200

/** Those of the chosen that still wait: somebody else may have decided the others. */
export function chosenOf(waiting: readonly RegistrationSummary[], ids: ReadonlySet<string>): RegistrationSummary[] {
  return waiting.filter(({ id }) => ids.has(id)).slice(0, MOST_AT_ONCE)
}
