import { isSigned } from '../../protocol/receipt'
import type { Receipt, ReceiptKey } from '../../schemas/generated/types'

/** What a receipt must say to be the answer to what was just asked. */
export interface ExpectedReceipt {
  externalId: string
  nonce: string
  upTo: number
  count: number
  digest: string
}

/** Why a receipt is not taken, in a sentence for a person; undefined where it is. */
export function objectionTo(
  receipt: Receipt,
  expected: ExpectedReceipt,
  key: Pick<ReceiptKey, 'hubId' | 'publicKey'>,
): string | undefined {
  if (receipt.hubId !== key.hubId) return 'The receipt comes from another hub than the ones before.'
  if (!isSigned(receipt, key.publicKey)) return 'The receipt is not signed with the key that this hub had before.'
  if (receipt.nonce !== expected.nonce) return 'The receipt is an older one.'
  const isThis =
    receipt.externalId === expected.externalId &&
    receipt.upTo === expected.upTo &&
    receipt.count === expected.count &&
    receipt.digest === expected.digest
  return isThis ? undefined : 'The receipt is about something else than what was compared.'
}
