import { CodedError } from '../../protocol/error-codes'
import { isSameSecret } from '../../runtime/same-secret'
import type { Secret } from '../../runtime/settings'
import { basicOf } from '../nodes/basic-auth'

const OPERATOR = 'operator'

export type OperatorRole = 'operator' | 'viewer' | 'auditor'

/** A person who was let in, and how. */
export interface OperatorCaller {
  readonly name: string
  readonly role: OperatorRole
  readonly via: 'basic' | 'session'
}

interface AskingRequest {
  method: string
  headers: { authorization?: string | undefined; origin?: string | undefined; host?: string | undefined }
}

/** Who operates: throws UNAUTHENTICATED, or FORBIDDEN for a page of another site that uses a browser's password. */
export type AuthenticateOperator = (request: AskingRequest) => Promise<OperatorCaller>

export function operatorAuthenticator(operatorPassword: Secret): AuthenticateOperator {
  return async ({ headers }) => {
    const basic = basicOf(headers.authorization)
    const isPassword = isSameSecret(basic?.password ?? '', operatorPassword.reveal())
    if (basic?.name !== OPERATOR || !isPassword) {
      throw new CodedError('UNAUTHENTICATED', 'The operator password is missing or wrong.')
    }
    // A browser sends Basic credentials along with whatever form any page posts here, and says which page in Origin.
    if (headers.origin !== undefined && hostOf(headers.origin) !== headers.host) {
      throw new CodedError('FORBIDDEN', 'A page of another site may not operate this hub.')
    }
    return { name: OPERATOR, role: 'operator', via: 'basic' }
  }
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}
