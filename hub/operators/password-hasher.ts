import { CodedError } from '../../protocol/error-codes'
import { PARAMETERS, PasswordHasher as SlowHasher } from '../../runtime/password-hasher'

export { AT_ONCE, MOST_WAITING, PARAMETERS } from '../../runtime/password-hasher'

const RETRY_AFTER_SECONDS = '5'

/** Passwords of operators; throws OVERLOADED where too many wait. */
export class PasswordHasher extends SlowHasher {
  constructor(parameters: ConstructorParameters<typeof SlowHasher>[1] = PARAMETERS) {
    super(tooMany, parameters)
  }
}

function tooMany(): CodedError {
  return new CodedError('OVERLOADED', 'Too many sign in at once; try again in a moment.', {
    headers: { 'Retry-After': RETRY_AFTER_SECONDS },
  })
}
