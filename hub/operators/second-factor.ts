import type { OperatorDocument } from '../../schemas/generated/types'
import type { Sealer, SecretOwner } from '../nodes/seal'
import { totpStep } from './totp'

/** The account once its code was taken, as it is where it has no second factor; undefined where the code is wrong. */
export function withCodeTaken(
  account: OperatorDocument,
  code: string | undefined,
  sealer: Sealer,
  now: Date,
): OperatorDocument | undefined {
  if (account.totp?.activeAt === undefined) return account
  return codeTaken(account, code ?? '', sealer, now)
}

/** As withCodeTaken, for a factor that is only begun too. */
export function codeTaken(
  account: OperatorDocument,
  code: string,
  sealer: Sealer,
  now: Date,
): OperatorDocument | undefined {
  const { totp } = account
  if (!totp) return undefined
  const step = totpStep(sealer.open(totp.sealed, ownerOf(account.name)), code, now)
  // RFC 6238, section 5.2: a code counts once. It and all before it have gone by.
  if (step === undefined || step <= (totp.lastStep ?? -1)) return undefined
  return { ...account, totp: { ...totp, lastStep: step } }
}

/** Bound to the operator's name, so that no factor can be moved to another account in the database. */
export function ownerOf(name: string): SecretOwner {
  return { nodeName: `operator:${name}`, kind: 'totp' }
}
