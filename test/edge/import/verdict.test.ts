import { verdictOn } from '../../../edge/import/verdict'

test('a refusal by consent ends the import: asking again changes nothing, and the reason names the way that does', () => {
  const reason = 'Consent does not let this facility read this record. In an emergency ask again with the purpose BTG.'
  expect(verdictOn({ kind: 'refused', code: 'CONSENT_REFUSED', reason }, 0, 0)).toEqual({
    kind: 'failed',
    error: { error: 'CONSENT_REFUSED', reason },
  })
})

test('a hub that has too much to do is asked again, and when it says', () => {
  expect(verdictOn({ kind: 'refused', code: 'OVERLOADED', reason: 'x', retryAfterMs: 5_000 }, 0, 0)).toMatchObject({
    kind: 'all-wait',
    because: 'link',
    retryAfterMs: 5_000,
  })
})

test('a record that is too large for an answer is not asked for again', () => {
  expect(verdictOn({ kind: 'refused', code: 'RECORD_TOO_LARGE', reason: 'x' }, 0, 0).kind).toBe('failed')
})
