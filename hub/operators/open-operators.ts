import { createHmac, hkdfSync } from 'node:crypto'
import { weaknessOf } from '../../protocol/password-rules'
import type { Log } from '../../runtime/log'
import type { Secret } from '../../runtime/settings'
import type { NewAuditEntry } from '../audit/audit-log'
import type { Database } from '../nodes/database'
import { masterKeyOf, type Sealer } from '../nodes/seal'
import { accountRoutes } from './account-routes'
import { Accounts } from './accounts'
import { type AuthenticateOperator, operatorAuthenticator, type Site } from './authenticate-operator'
import { credentialsCheck } from './check-credentials'
import { PasswordHasher } from './password-hasher'
import { Sessions, type SessionTimes } from './sessions'
import { SignInRecord, type SignInRecordParts } from './sign-in-record'
import { signInRoutes } from './sign-in-routes'
import { SignInTries } from './sign-in-tries'
import { VerifiedPasswords } from './verified-passwords'

export interface Operators {
  readonly authenticate: AuthenticateOperator
  readonly handlers: ReturnType<typeof signInRoutes> & ReturnType<typeof accountRoutes>
}

export interface OperatorsParts {
  readonly nodeSecurity: Database
  readonly sealer: Sealer
  readonly secretKey: Secret
  /** Of the first account, `operator`. */
  readonly operatorPassword: Secret
  readonly times: SessionTimes
  readonly site: Site
  readonly writeAudit: (entry: NewAuditEntry) => Promise<unknown>
  readonly limit: SignInRecordParts['limit']
  readonly count: SignInRecordParts['count']
  readonly log: Log
  readonly now?: () => Date
  readonly hasher?: PasswordHasher
}

/** Persons: their accounts, how they sign in, and their sessions. */
export function openOperators(parts: OperatorsParts): Operators {
  const { nodeSecurity, sealer, operatorPassword, site, times, log, limit, count, now = () => new Date() } = parts
  if (weaknessOf(operatorPassword.reveal(), '') !== undefined) {
    log.warn('HUB_OPERATOR_PASSWORD is short or easily guessed: set a longer one')
  }
  const keyed = keyedHash(parts.secretKey)
  const audit = async (entry: NewAuditEntry) => void (await parts.writeAudit(entry))
  const accounts = new Accounts(
    nodeSecurity,
    keyed(`first account ${operatorPassword.reveal()}`).slice(0, STAMP_CHARACTERS),
  )
  const sessions = new Sessions(nodeSecurity, times, now)
  const onError = (error: unknown) => log.warn({ err: error }, 'wrong tries that count no more could not be cleared')
  const tries = new SignInTries(nodeSecurity, keyed, now, onError)
  const hasher = parts.hasher ?? new PasswordHasher()
  const record = new SignInRecord({ write: audit, limit, log, count, now })
  const check = credentialsCheck({ accounts, hasher, tries, record, sealer, firstPassword: operatorPassword, now })
  const verified = new VerifiedPasswords(() => now().getTime())
  return {
    authenticate: operatorAuthenticator({ accounts, sessions, check, verified, site }),
    handlers: {
      ...signInRoutes({ accounts, sessions, check, record, site, times }),
      ...accountRoutes({ accounts, sessions, tries, hasher, sealer, audit, check, site, now }),
    },
  }
}

const STAMP_CHARACTERS = 22

/** What is hashed here could be guessed from a plain hash: names, addresses, and a password that somebody has set. */
function keyedHash(secretKey: Secret): (text: string) => string {
  const key = Buffer.from(hkdfSync('sha256', masterKeyOf(secretKey), '', 'lontar operators v1', 32))
  return (text) => createHmac('sha256', key).update(text).digest('hex')
}
