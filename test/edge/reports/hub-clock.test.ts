import { clockAttention, HubClock } from '../../../edge/reports/hub-clock'

const HUB = 'Mon, 23 Nov 2026 07:41:03 GMT'
const HUB_MS = Date.parse(HUB)

describe('the clock of the hub', () => {
  test('is not known before the hub has said it', () => {
    const clock = new HubClock()
    for (const date of [null, '', 'yesterday', 'Mon, 31 Feb 2026 07:41:03 GMT']) clock.hear(date, 0, 0)
    expect(clock.offsetMs).toBeUndefined()
  })

  test.each<[string, number, number, number]>([
    ['right', HUB_MS + 400, HUB_MS + 600, 0],
    ['an hour ahead', HUB_MS + 3_600_000, HUB_MS + 3_601_000, 3_600_000],
    ['a minute behind, over a slow line', HUB_MS - 62_000, HUB_MS - 57_000, -60_000],
  ])('shows that this one is %s', (_what, askedMs, answeredMs, offsetMs) => {
    const clock = new HubClock()
    clock.hear(HUB, askedMs, answeredMs)
    expect(clock.offsetMs).toBe(offsetMs)
  })
})

test.each<[number | undefined, string | undefined, string]>([
  [undefined, undefined, ''],
  [0, undefined, ''],
  [120_000, undefined, ''],
  [-120_000, undefined, ''],
  [121_000, 'CLOCK_AHEAD', '2 minutes ahead'],
  [-121_000, 'CLOCK_BEHIND', '2 minutes behind'],
  [3_600_000, 'CLOCK_AHEAD', '60 minutes ahead'],
])('a clock that is off by %p ms says %s', (offsetMs, code, words) => {
  const [said, sentence = ''] = clockAttention(offsetMs) ?? []
  expect(said).toBe(code)
  expect(sentence).toContain(words)
})
