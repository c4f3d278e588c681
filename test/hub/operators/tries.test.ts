import {
  counted,
  FORGOTTEN_MS,
  forgiven,
  isKnown,
  isStale,
  KNOWN_MS,
  lockedUntilMs,
  MOST_WAIT_MS,
  type Tries,
  uncounted,
} from '../../../hub/operators/tries'

const NOW = Date.parse('2026-11-22T07:00:00.000Z')
const FREE = 5

/** So many wrong tries, each as soon as it may be made. */
function afterWrong(count: number): { tries: Tries; waits: number[]; at: number } {
  let tries: Tries | undefined
  let at = NOW
  const waits: number[] = []
  for (let made = 0; made < count; made++) {
    tries = counted(tries, FREE, at)
    const until = lockedUntilMs(tries, at) ?? at
    waits.push((until - at) / 1000)
    at = until
  }
  if (!tries) throw new Error('none were made')
  return { tries, waits, at }
}

test('the free ones wait for nothing, then each waits twice as long as the one before, up to a bound', () => {
  expect(afterWrong(13).waits).toEqual([0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900])
  expect(MOST_WAIT_MS).toBe(900_000)
})

test('never ends for good, however often somebody tries: a wait is bounded and has an end', () => {
  const { tries, at } = afterWrong(10_000)
  expect(lockedUntilMs(tries, at)).toBeUndefined()
  expect(lockedUntilMs(tries, at - MOST_WAIT_MS)).toBe(at)
})

test('a wait ends at its very millisecond', () => {
  const tries = counted({ failures: FREE, lastAt: new Date(NOW).toISOString() }, FREE, NOW)
  expect(lockedUntilMs(tries, NOW + 29_999)).toBe(NOW + 30_000)
  expect(lockedUntilMs(tries, NOW + 30_000)).toBeUndefined()
})

test('wrong ones are forgotten an hour after the last wait, and not a millisecond before', () => {
  const { tries, at } = afterWrong(8)
  expect(counted(tries, FREE, at + FORGOTTEN_MS - 1).failures).toBe(9)
  expect(counted(tries, FREE, at + FORGOTTEN_MS).failures).toBe(1)
})

test('a right one makes the address known for a month, and nothing else does', () => {
  const right = forgiven(NOW)
  expect(right.failures).toBe(0)
  expect([isKnown(right, NOW + KNOWN_MS - 1), isKnown(right, NOW + KNOWN_MS)]).toEqual([true, false])
  expect(isKnown(counted(undefined, FREE, NOW), NOW)).toBe(false)
  expect(isKnown(counted(right, FREE, NOW), NOW)).toBe(true)
  expect(isKnown(undefined, NOW)).toBe(false)
})

test('a right one takes only itself out of what is counted together, and the wait that it began', () => {
  const { tries } = afterWrong(6)
  expect(uncounted(tries, FREE)).toEqual({ failures: 5, lastAt: tries.lastAt })
  const more = afterWrong(8).tries
  expect(uncounted(more, FREE)).toEqual({ ...more, failures: 7 })
})

test.each([
  ['wrong ones of this hour', counted(undefined, FREE, NOW), FORGOTTEN_MS - 1, false],
  ['wrong ones of an hour ago', counted(undefined, FREE, NOW), FORGOTTEN_MS, true],
  ['a known address', forgiven(NOW), KNOWN_MS - 1, false],
  ['an address of long ago', forgiven(NOW), KNOWN_MS, true],
])('what may be cleared away: %s', (_what, tries, laterMs, expected) => {
  expect(isStale(tries, NOW + laterMs)).toBe(expected)
})
