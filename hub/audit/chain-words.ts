import { ulid } from 'ulid'
import type { AuditEntry, AuditHead } from '../../schemas/generated/types'
import type { ChainWord, Placing } from './chain-place'

/** What a gateway writes of its own chain: entries of the kind `chain`, of which nobody else has the ids. */
export const chainWords = {
  start: (at: Date, gateway: NonNullable<ChainWord['gateway']>, before: AuditHead | undefined): Placing => ({
    entry: entryOf('start', at),
    word: { gateway, ...(before && { heads: [before] }) },
  }),
  void: (at: Date, voided: NonNullable<ChainWord['voided']>): Placing => ({
    entry: entryOf('void', at),
    word: { voided },
  }),
  witness: (at: Date, heads: readonly AuditHead[]): Placing => ({
    entry: entryOf('witness', at),
    word: { heads: [...heads] },
  }),
  seal: (at: Date): Placing => ({ entry: entryOf('seal', at) }),
}

function entryOf(action: keyof typeof chainWords, at: Date): AuditEntry {
  return { _id: `chain:${ulid(at.getTime())}`, kind: 'chain', at: at.toISOString(), outcome: 'allowed', action }
}
