import { doneOf, NO_HISTORY, type PushHistory, speedLine, withSample } from '../../../../edge/web/sync/push-progress'

const look = (history: PushHistory, pending: number, atMs: number, bytesPerSecond = 0) =>
  withSample(history, { pendingDocuments: pending, bytesPerSecond } as never, atMs)

test('the bar fills up to what has waited most, and is gone when nothing waits', () => {
  let history = look(NO_HISTORY, 100, 0)
  expect(doneOf(history)).toBe(0)
  history = look(history, 25, 5_000)
  expect(doneOf(history)).toBe(0.75)
  // Written meanwhile.
  history = look(history, 200, 10_000)
  expect(doneOf(history)).toBe(0)
  history = look(history, 0, 15_000)
  expect(doneOf(history)).toBeUndefined()
  expect(doneOf(look(history, 10, 20_000))).toBe(0)
  expect(doneOf(NO_HISTORY)).toBeUndefined()
})

test('keeps a bounded history, and the newest of it', () => {
  let history = NO_HISTORY
  for (let at = 0; at < 1_000; at++) history = look(history, 1_000 - at, at * 500, at)
  expect(history.samples.length).toBeLessThanOrEqual(60)
  expect(history.samples.at(-1)).toEqual({ atMs: 499_500, pending: 1, bytesPerSecond: 999 })
  const gaps = history.samples.slice(1, -1).map(({ atMs }, index) => atMs - (history.samples[index]?.atMs ?? 0))
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1_500)
})

test('the line of speeds runs from the first to the last, its highest at the top', () => {
  expect(speedLine(NO_HISTORY, 100, 10)).toBeUndefined()
  const history = look(look(look(NO_HISTORY, 3, 0, 0), 2, 5_000, 1_000), 1, 10_000, 500)
  expect(speedLine(history, 100, 10)).toBe('0.0,10.0 50.0,0.0 100.0,5.0')
})
