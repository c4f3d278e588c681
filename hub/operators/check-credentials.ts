import { CodedError } from '../../protocol/error-codes'
import { isSameSecret } from '../../runtime/same-secret'
import type { Secret } from '../../runtime/settings'
import type { OperatorDocument } from '../../schemas/generated/types'
import type { Sealer } from '../nodes/seal'
import { type Account, type Accounts, FIRST, isOperatorName } from './accounts'
import type { Credentials } from './credentials'
import type { PasswordHasher } from './password-hasher'
import { withCodeTaken } from './second-factor'
import type { SignInRecord } from './sign-in-record'
import type { CountedTry, SignInTries } from './sign-in-tries'

export interface CheckParts {
  readonly accounts: Accounts
  readonly hasher: PasswordHasher
  readonly tries: SignInTries
  readonly record: SignInRecord
  readonly sealer: Sealer
  readonly firstPassword: Secret
  readonly now: () => Date
}

/** Throws UNAUTHENTICATED, LOCKED or OVERLOADED. */
export type CheckCredentials = (credentials: Credentials) => Promise<Account>

/** A program that sends its password with each request is written down once in so long. */
const NOTED_AGAIN_MS = 24 * 60 * 60_000

/**
 * Who somebody is by name, password and code. Whatever is wrong, and whether there is such a name, the answer and the time
 * that it takes are the same; it is counted before it is looked at, and written down before anybody is let in.
 */
export function credentialsCheck(parts: CheckParts): CheckCredentials {
  const { accounts, hasher, tries, record, sealer, firstPassword, now } = parts

  const isPassword = async (account: Account | undefined, { name, password }: Credentials): Promise<boolean> =>
    name === FIRST
      ? isSameSecret(password, firstPassword.reveal())
      : hasher.isRight(password, account?.document?.password)

  /** The account as it is once a code was taken and the sign-in noted; undefined where the code is missing or wrong. */
  const enter = async (account: Account, credentials: Credentials): Promise<Account | undefined> => {
    const known = account.document
    if (!known || credentials.via === 'confirmation') return account
    const hasFactor = known.totp?.activeAt !== undefined
    if (hasFactor && credentials.via === 'basic') return undefined
    const isOutdated = hasher.isOutdated(known.password)
    if (!hasFactor && !isOutdated && !isToBeNoted(known, credentials, now())) return account
    const password = isOutdated ? await hasher.hash(credentials.password) : known.password
    try {
      const document = await accounts.change(account.name, (current) => {
        const entered = current.stamp === account.stamp && withCodeTaken(current, credentials.totp, sealer, now())
        if (!entered) throw wrong()
        return { ...entered, password, lastSignInAt: now().toISOString() }
      })
      return { ...account, document }
    } catch (error) {
      if (error instanceof CodedError && ['UNAUTHENTICATED', 'OPERATOR_UNKNOWN'].includes(error.code)) return undefined
      throw error
    }
  }

  const begin = async (credentials: Credentials, account: Account | undefined): Promise<CountedTry> => {
    const { name, address } = credentials
    try {
      return await tries.begin({ name, address, isFirst: name === FIRST })
    } catch (error) {
      if (error instanceof CodedError && error.code === 'LOCKED') await record.refused(credentials, account, 'LOCKED')
      throw error
    }
  }

  return async (credentials) => {
    const { name, password, via } = credentials
    if (!isOperatorName(name) || password === '') {
      await record.refused(credentials, undefined, 'UNAUTHENTICATED')
      throw wrong()
    }
    const account = await accounts.of(name)
    const counted = await begin(credentials, account)
    const isRight = await isPassword(account, credentials)
    const entered = account && isRight ? await enter(account, credentials) : undefined
    if (!entered) {
      await record.refused(credentials, account, 'UNAUTHENTICATED')
      if (counted.locksUntil) await record.locked(credentials, account, counted.locksUntil)
      throw wrong()
    }
    if (isSignIn(via, counted, now())) await record.allowed(credentials, entered)
    await counted.right()
    return entered
  }
}

export function wrong(): CodedError {
  return new CodedError('UNAUTHENTICATED', 'The name, the password or the code is missing or wrong.')
}

function isSignIn(via: Credentials['via'], { rightAt }: CountedTry, now: Date): boolean {
  return via === 'session' || (via === 'basic' && (rightAt === undefined || isOld(rightAt, now)))
}

function isToBeNoted({ lastSignInAt }: OperatorDocument, { via }: Credentials, now: Date): boolean {
  return via === 'session' || lastSignInAt === undefined || isOld(new Date(lastSignInAt), now)
}

function isOld(at: Date, now: Date): boolean {
  return now.getTime() - at.getTime() >= NOTED_AGAIN_MS
}
