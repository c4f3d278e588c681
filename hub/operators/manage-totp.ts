import { CodedError } from '../../protocol/error-codes'
import type { OperatorSummary, TotpEnrolment } from '../../schemas/generated/types'
import type { Sealer } from '../nodes/seal'
import { change, type ManageParts } from './manage-accounts'
import { codeTaken, ownerOf } from './second-factor'
import { newTotpSecret, totpUri } from './totp'

export interface TotpParts extends ManageParts {
  readonly sealer: Sealer
}

/** Begins one's own second factor: the secret is told here and never again. It counts once a code has shown that it arrived. */
export async function beginTotp(name: string, parts: TotpParts): Promise<TotpEnrolment> {
  const secret = newTotpSecret()
  const sealed = parts.sealer.seal(secret, ownerOf(name))
  const begunAt = parts.now().toISOString()
  await change('totp-begin', name, name, parts, (now) => {
    if (now.totp?.activeAt !== undefined) throw new CodedError('TOTP_STATE', 'The account has a second factor already.')
    return { ...now, totp: { sealed, begunAt } }
  })
  return { secret, uri: totpUri(secret, name) }
}

/** From the first right code on the account can't be signed in to without one. */
export async function confirmTotp(name: string, code: string, parts: TotpParts): Promise<OperatorSummary> {
  await parts.accounts.existing(name)
  const at = parts.now()
  return change('totp-on', name, name, parts, (now) => {
    if (now.totp === undefined || now.totp.activeAt !== undefined) {
      throw new CodedError('TOTP_STATE', 'No second factor was begun that waits for a code.')
    }
    const taken = codeTaken(now, code, parts.sealer, at)
    if (!taken?.totp) throw new CodedError('TOTP_WRONG', 'The code is not one of this moment; take the next one.')
    return { ...taken, totp: { ...taken.totp, activeAt: at.toISOString() } }
  })
}

/**
 * For whoever has lost the device. Another operator does it, who knows the person: whoever holds a stolen session shall not
 * take the factor away by himself.
 */
export async function dropTotp(name: string, by: string, parts: TotpParts): Promise<OperatorSummary> {
  const { document } = await parts.accounts.existing(name)
  if (name === by) throw new CodedError('FORBIDDEN', 'Another operator has to take your second factor away.')
  if (document?.totp === undefined) throw new CodedError('TOTP_STATE', 'The account has no second factor.')
  return change('totp-off', name, by, parts, ({ totp: _gone, ...rest }) => rest)
}
