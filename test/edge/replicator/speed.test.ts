import { Speed } from '../../../edge/replicator/speed'

test('is what passed a second, over the last half a minute', () => {
  const speed = new Speed()
  expect(speed.perSecond(0)).toBe(0)
  for (let ms = 0; ms < 100_000; ms += 100) speed.add(200, ms)
  expect(speed.perSecond(100_000)).toBeGreaterThan(1_900)
  expect(speed.perSecond(100_000)).toBeLessThan(2_100)
})

test('falls to nothing while nothing passes, and does not jump at its beginning', () => {
  const speed = new Speed()
  speed.add(1_000, 500)
  expect(speed.perSecond(501)).toBe(1_000)
  expect(speed.perSecond(10_500)).toBe(100)
  expect(speed.perSecond(60_500)).toBe(0)
})

test('a rest does not count as slowness', () => {
  const speed = new Speed()
  speed.add(1_000, 0)
  speed.end()
  expect(speed.perSecond(3_600_000)).toBe(0)
  speed.begin(3_600_000)
  speed.add(5_000, 3_601_000)
  expect(speed.perSecond(3_602_000)).toBe(2_500)
})
