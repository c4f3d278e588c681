import { REFUSALS_PER_MINUTE, RefusalLimit } from '../../../hub/import/refusal-limit'

test('beyond the number of a minute nothing is admitted, and it is counted once', () => {
  const limit = new RefusalLimit()
  const at = new Date('2026-11-22T07:41:00.000Z')
  for (let n = 0; n < REFUSALS_PER_MINUTE; n++) expect(limit.admits(at)).toBe(true)
  expect([limit.admits(at), limit.admits(new Date(at.getTime() + 59_999))]).toEqual([false, false])
  expect(limit.admits(new Date(at.getTime() + 60_000))).toBe(true)
  expect([limit.takeLeftOut(), limit.takeLeftOut()]).toEqual([2, 0])
})
