import { CodedError } from '../../protocol/error-codes'
import { weaknessOf } from '../../protocol/password-rules'
import type { OperatorDocument, OperatorRequest, OperatorSummary } from '../../schemas/generated/types'
import { type Decision, decide, type WriteDecision } from '../audit/decide'
import { type Accounts, FIRST, newStamp, operatorExists, operatorUnknown } from './accounts'
import type { PasswordHasher } from './password-hasher'
import type { Sessions } from './sessions'
import type { SignInTries } from './sign-in-tries'

export interface ManageParts {
  readonly accounts: Accounts
  readonly sessions: Sessions
  readonly tries: SignInTries
  readonly hasher: PasswordHasher
  readonly audit: WriteDecision
  readonly now: () => Date
}

/** Persons of a ministry who decide about facilities; each is hashed, listed and looked at. */
const MOST_OPERATORS = 200

/** Everybody with an account, the first before all others. */
export async function listOperators({ accounts, tries }: ManageParts): Promise<OperatorSummary[]> {
  const all = (await accounts.all()).map(summaryOf)
  const first: OperatorSummary = { name: FIRST, role: 'operator', first: true, totp: 'off' }
  return Promise.all(
    [first, ...all].map(async (one) => {
      const until = await tries.lockedUntil(one.name)
      return until ? { ...one, lockedUntil: until.toISOString() } : one
    }),
  )
}

export async function addOperator(asked: OperatorRequest, by: string, parts: ManageParts): Promise<OperatorSummary> {
  const { accounts, hasher, now } = parts
  const { name, role } = asked
  refuseWeak(asked.password, name)
  if (await accounts.of(name)) throw operatorExists()
  if ((await accounts.all()).length >= MOST_OPERATORS) {
    throw new CodedError('TOO_MANY_OPERATORS', `There are ${MOST_OPERATORS} operators already; remove one.`)
  }
  const password = await hasher.hash(asked.password)
  return decide(parts.audit, about('add', name, by, `as ${role}`), async () => {
    const at = now().toISOString()
    return summaryOf(
      await accounts.create({ name, role, password, passwordChangedAt: at, createdAt: at, createdBy: by }),
    )
  })
}

export async function removeOperator(name: string, by: string, parts: ManageParts): Promise<void> {
  await parts.accounts.existing(name)
  await decide(parts.audit, about('remove', name, by), async () => {
    await parts.accounts.remove(name)
    await parts.sessions.endAllOf(name)
  })
}

/** Another role, or the same. All sessions end: each was begun with less or more than is right now. */
export async function changeRole(
  name: string,
  role: OperatorDocument['role'],
  by: string,
  parts: ManageParts,
): Promise<OperatorSummary> {
  await parts.accounts.existing(name)
  return change('role', name, by, parts, (now) => (now.role === role ? now : { ...now, role, stamp: newStamp() }), role)
}

/** Whoever asks for another's has been found to be allowed to. All sessions end. */
export async function changePassword(
  name: string,
  password: string,
  by: string,
  parts: ManageParts,
): Promise<OperatorSummary> {
  await parts.accounts.existing(name)
  refuseWeak(password, name)
  const hash = await parts.hasher.hash(password)
  const passwordChangedAt = parts.now().toISOString()
  return change('password', name, by, parts, (now) => ({
    ...now,
    password: hash,
    passwordChangedAt,
    stamp: newStamp(),
  }))
}

/** Forgets wrong tries, so that the next one counts at once. */
export async function unlockOperator(name: string, by: string, parts: ManageParts): Promise<OperatorSummary> {
  const account = await parts.accounts.of(name)
  if (!account) throw operatorUnknown()
  await decide(parts.audit, about('unlock', name, by), () => parts.tries.unlock(name))
  return account.document ? summaryOf(account.document) : { name, role: account.role, first: true, totp: 'off' }
}

/** A change that is written down first; where the account has another stamp by it, its sessions go. */
export async function change(
  action: string,
  name: string,
  by: string,
  { accounts, audit, sessions }: Pick<ManageParts, 'accounts' | 'audit' | 'sessions'>,
  make: (now: OperatorDocument) => OperatorDocument,
  reason?: string,
): Promise<OperatorSummary> {
  return decide(audit, about(action, name, by, reason), async () => {
    let isOther = false
    const changed = await accounts.change(name, (now) => {
      const next = make(now)
      isOther = next.stamp !== now.stamp
      return next
    })
    if (isOther) await sessions.endAllOf(name)
    return summaryOf(changed)
  })
}

export function summaryOf(account: OperatorDocument): OperatorSummary {
  const { name, role, createdAt, createdBy, passwordChangedAt, lastSignInAt, totp } = account
  return {
    name,
    role,
    totp: totp === undefined ? 'off' : totp.activeAt === undefined ? 'begun' : 'active',
    createdAt,
    createdBy,
    passwordChangedAt,
    ...(lastSignInAt !== undefined && { lastSignInAt }),
  }
}

function about(action: string, account: string, operator: string, reason?: string): Decision {
  return { kind: 'operator', action, account, operator, ...(reason !== undefined && { reason }) }
}

function refuseWeak(password: string, name: string): void {
  const weakness = weaknessOf(password, name)
  if (weakness !== undefined) throw new CodedError('PASSWORD_WEAK', weakness)
}
