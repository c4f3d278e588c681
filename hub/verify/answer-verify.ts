import { CodedError } from '../../protocol/error-codes'
import { owns } from '../../protocol/owns'
import { signReceipt } from '../../protocol/receipt'
import type { Receipt, VerifyAnswer, VerifyRequest } from '../../schemas/generated/types'
import { type AskedRange, lookAtRange, MOST_IN_RANGE, type Revisions } from './look-at-range'
import { begunPass, openedPass, type Pass, sealedPass, withRange } from './pass'
import type { VerifyKeys } from './verify-keys'

export interface AnswerVerifyDeps {
  hubId: string
  /** As they are now: they can be replaced while the hub runs. */
  keys: () => Promise<VerifyKeys>
  revisions: Revisions
  /** On the disk when it is answered. */
  keepReceipt: (nodeName: string, receipt: Receipt) => Promise<void>
  now: () => Date
}

/**
 * Tells a node what the hub holds of it. Ranges are answered in order until the request has cost enough; the rest is for
 * the next one. The last request of a pass gets the receipt, over what this hub has counted itself, and only
 * where the node has counted the same.
 */
export async function answerVerify(
  { nodeName, externalId }: { nodeName: string; externalId: string },
  request: VerifyRequest,
  deps: AnswerVerifyDeps,
): Promise<VerifyAnswer> {
  for (const range of request.ranges) refuseForeign(externalId, range)
  const answer: VerifyAnswer = { ranges: [] }
  const keys = await deps.keys()
  let pass = passOf(request, nodeName, keys, deps.now())
  let looked = 0
  for (const range of request.ranges) {
    if (looked >= MOST_IN_RANGE) break
    const seen = await lookAtRange(deps.revisions, range)
    answer.ranges.push(seen)
    if (pass && range.from <= pass.to) throw new CodedError('INVALID_REQUEST', 'The ranges of a pass go upwards.')
    pass = pass && 'count' in seen ? withRange(pass, { ...seen, to: range.to }) : undefined
    looked += 'count' in seen ? seen.count : MOST_IN_RANGE
  }
  if (!pass) return answer
  if (!request.finish || answer.ranges.length < request.ranges.length) {
    return { ...answer, pass: sealedPass(pass, keys.pass[0]) }
  }
  const { nonce, count, digest, upTo, startedAt } = pass
  if (request.finish.count !== count || request.finish.digest !== digest) return answer
  const content = { externalId, hubId: deps.hubId, nonce, count, digest, upTo, startedAt, at: deps.now().toISOString() }
  const receipt = signReceipt(content, keys.receipt)
  await deps.keepReceipt(nodeName, receipt)
  return { ...answer, receipt }
}

function passOf({ begin, pass }: VerifyRequest, nodeName: string, keys: VerifyKeys, now: Date): Pass | undefined {
  if (begin) return begunPass(nodeName, begin, now)
  return pass === undefined ? undefined : openedPass(pass, nodeName, keys.pass, now)
}

/**
 * Law 1, and law 7. No other facility's id stands between two ids of one: all ids between begin with its external ID, and
 * law 2 keeps that to itself.
 */
function refuseForeign(externalId: string, { from, to, deleted = [], except = [] }: AskedRange): void {
  if (![from, to, ...deleted, ...except].every((id) => owns(externalId, id))) {
    throw new CodedError('FORBIDDEN', 'A facility may ask about its own documents, and no others.')
  }
  const isWithin = (id: string) => from <= id && id <= to
  if (from > to || ![...deleted, ...except].every(isWithin)) {
    throw new CodedError('INVALID_REQUEST', 'A range ends before it begins, or names an id outside of it.')
  }
}
