import { Pacer } from '../../../edge/replicator/pacer'

test.each([8, 64, 1_000])('R26: keeps to %s kbit/s over half a minute, and evenly', (kilobits) => {
  let nowMs = 5_000
  const pacer = new Pacer(() => nowMs)
  pacer.bytesPerSecond = kilobits * 125
  let sent = 0
  let longestMs = 0
  while (nowMs < 35_000) {
    const waitMs = pacer.takeMs(pacer.pieceBytes)
    longestMs = Math.max(longestMs, waitMs)
    nowMs += waitMs
    sent += pacer.pieceBytes
  }
  const allowed = kilobits * 125 * 30
  expect(sent).toBeGreaterThan(allowed * 0.98)
  expect(sent).toBeLessThan(allowed * 1.02 + pacer.pieceBytes)
  expect(longestMs).toBeLessThan(1_000)
})

test('R26: what was not used a while ago does not count now', () => {
  let nowMs = 0
  const pacer = new Pacer(() => nowMs)
  pacer.bytesPerSecond = 1_000
  nowMs = 3_600_000
  expect(pacer.takeMs(1_000)).toBe(0)
  expect(pacer.takeMs(1_000)).toBe(750)
})

test('without a rate nobody waits', () => {
  const pacer = new Pacer(() => 0)
  expect([pacer.takeMs(1e9), pacer.takeMs(1e9), pacer.pieceBytes]).toEqual([0, 0, 16 * 1024])
})
