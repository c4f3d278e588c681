import { verifySentence } from '../../../../edge/web/sync/verify-words'
import type { VerifyResult } from '../../../../schemas/generated/types'

const none = { count: 0, ids: [] }
const some = { count: 3, ids: [] }
const last: VerifyResult = {
  ...{ outcome: 'agrees', startedAt: '', finishedAt: '', documents: 90, excluded: 0, onlyAtHub: 0, rounds: 1 },
  ...{ sentAgain: none, missing: none, changed: none },
}

test.each([
  [undefined, { key: 'never', count: 0 }],
  [last, { key: 'agrees', count: 90 }],
  [
    { ...last, sentAgain: some },
    { key: 'sentAgain', tone: 'good', count: 3 },
  ],
  [
    { ...last, outcome: 'differs' as const, sentAgain: some, missing: some },
    { key: 'missing', tone: 'attention' },
  ],
  [
    { ...last, outcome: 'differs' as const, changed: some },
    { key: 'changed', tone: 'attention' },
  ],
  [
    { ...last, outcome: 'unconfirmed' as const, sentAgain: some },
    { key: 'unconfirmed', tone: 'attention' },
  ],
])('%#', (result, sentence) => {
  const status = { state: 'resting' as const, nextRunAt: null, ...(result && { last: result }) }
  expect(verifySentence(status)).toMatchObject(sentence)
})
