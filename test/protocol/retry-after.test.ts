import { MOST_RETRY_AFTER_MS, retryAfterMsOf } from '../../protocol/retry-after'

const NOW_MS = Date.parse('2026-11-23T08:00:00Z')

test.each<[unknown, number | undefined]>([
  ['7', 7_000],
  ['Mon, 23 Nov 2026 08:01:30 GMT', 90_000],
  ['3600', MOST_RETRY_AFTER_MS],
  ['9'.repeat(400), MOST_RETRY_AFTER_MS],
  ['Tue, 23 Nov 2027 08:00:00 GMT', MOST_RETRY_AFTER_MS],
  ['0', undefined],
  ['Mon, 23 Nov 2026 07:59:00 GMT', undefined],
  ['-5', undefined],
  ['1.5', undefined],
  ['1e3', undefined],
  ['2026', 15 * 60_000],
  ['tomorrow', undefined],
  ['', undefined],
  [['5', '6'], undefined],
  [undefined, undefined],
  [null, undefined],
])('R10: Retry-After %j → %p ms', (header, ms) => {
  expect(retryAfterMsOf(header, NOW_MS)).toBe(ms)
})
