import { CodedError } from '../protocol/error-codes'
import { refusalOf } from '../protocol/refusal-of'
import type { ConnectionLimits } from '../runtime/connection-limits'

/**
 * Everything in the clinic's network reaches an edge that other computers use, also what nobody there has an account for. A browser has
 * six connections and a stream, a hospital system some dozens.
 */
export const CONNECTION_LIMITS: ConnectionLimits = {
  connections: 1_000,
  connectionsOfAddress: 256,
  // A large bundle is worked on for minutes, and a stream may have nothing to tell for long.
  silentMs: 60 * 60_000,
  slowBody: {
    leastBytes: 3_000,
    withinMs: 60_000,
    refusal: (path) => refusalOf(new CodedError('BODY_TOO_SLOW', 'The body came too slowly.'), path, () => ''),
  },
}
