import type { VerifyStatus } from '../../../schemas/generated/types'

/** What is said of the last verification: a key of the words, and how it is meant. */
export interface VerifySentence {
  readonly key: 'never' | 'agrees' | 'sentAgain' | 'missing' | 'changed' | 'unconfirmed'
  readonly tone: 'good' | 'attention' | 'quiet'
  readonly count: number
}

/** What needs a person first. That records were sent again is no trouble any more: the hub has them now. */
export function verifySentence({ last }: VerifyStatus): VerifySentence {
  if (!last) return { key: 'never', tone: 'quiet', count: 0 }
  if (last.missing.count > 0) return { key: 'missing', tone: 'attention', count: last.missing.count }
  if (last.changed.count > 0) return { key: 'changed', tone: 'attention', count: last.changed.count }
  if (last.outcome === 'unconfirmed') return { key: 'unconfirmed', tone: 'attention', count: last.documents }
  if (last.sentAgain.count > 0) return { key: 'sentAgain', tone: 'good', count: last.sentAgain.count }
  return { key: 'agrees', tone: 'good', count: last.documents }
}
