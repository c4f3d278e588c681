import { RecentSums } from '../../../hub/statistics/recent-sums'

const MINUTE_MS = 60_000
const PATIENCE_MS = 5
const range = (name: string) => ({ startkey: [name], endkey: [name, {}], groupLevel: 3, limit: 4_001, isFresh: false })
const rowsOf = (count: number, value = 1) => Array.from({ length: count }, (_, at) => ({ key: [at], value: [value] }))
const day = (of: number) => new Date(Date.UTC(2026, 10, of))

/** A view that answers when it is told to. */
function slowView() {
  const waiting: { name: unknown; answer: (count: number) => void; fail: (error: Error) => void }[] = []
  let nowMs = 0
  const recent = new RecentSums(
    ({ startkey: [name] }) =>
      new Promise((resolve, fail) => {
        waiting.push({ name, answer: (count) => resolve(rowsOf(count)), fail })
      }),
    () => nowMs,
  )
  return { recent, waiting, pass: (ms: number) => (nowMs += ms) }
}

test('the first question waits, and all who ask meanwhile share what is read', async () => {
  const { recent, waiting } = slowView()
  const both = [recent.read(range('visits'), day(1), PATIENCE_MS), recent.read(range('visits'), day(2), PATIENCE_MS)]
  expect(waiting).toHaveLength(1)
  waiting[0]?.answer(3)
  // It was begun for the first of them, and no more is known to be in it.
  for (const { rows, asOf } of await Promise.all(both)) expect([rows.length, asOf]).toEqual([3, day(1)])
})

test('what is read in time is the answer; where it takes longer, what was read before is, as of then', async () => {
  const { recent, waiting } = slowView()
  const first = recent.read(range('visits'), day(1), PATIENCE_MS)
  waiting[0]?.answer(3)
  await first
  const second = recent.read(range('visits'), day(2), PATIENCE_MS)
  waiting[1]?.answer(4)
  expect(await second).toMatchObject({ asOf: day(2), rows: { length: 4 } })
  const third = await recent.read(range('visits'), day(3), PATIENCE_MS)
  expect([third.rows.length, third.asOf]).toEqual([4, day(2)])
  // It goes on by itself, and whoever comes next has it.
  waiting[2]?.answer(5)
  expect(await recent.read(range('visits'), day(4), PATIENCE_MS)).toMatchObject({ asOf: day(3), rows: { length: 5 } })
})

test('what is ten minutes old is no answer', async () => {
  const { recent, waiting, pass } = slowView()
  const known = async (name: string) => {
    const read = recent.read(range(name), day(1), PATIENCE_MS)
    waiting.at(-1)?.answer(3)
    await read
  }
  await known('visits')
  pass(6 * MINUTE_MS)
  await known('births')
  pass(5 * MINUTE_MS)
  const old = recent.read(range('visits'), day(2), PATIENCE_MS)
  const newer = recent.read(range('births'), day(2), PATIENCE_MS)
  // Patience with the one has ended before that with the other.
  expect(await Promise.race([old, newer])).toBe(await newer)
  waiting.at(-2)?.answer(4)
  expect((await old).rows).toHaveLength(4)
})

test('a view that fails says so, and is asked anew', async () => {
  const { recent, waiting } = slowView()
  const first = recent.read(range('visits'), day(1), PATIENCE_MS)
  waiting[0]?.fail(new Error('away'))
  await expect(first).rejects.toThrow('away')
  const second = recent.read(range('visits'), day(1), PATIENCE_MS)
  waiting[1]?.answer(3)
  expect((await second).rows).toHaveLength(3)
  const third = recent.read(range('visits'), day(2), PATIENCE_MS)
  waiting[2]?.fail(new Error('away again'))
  await expect(third).rejects.toThrow('away again')
})

test('no more than some questions are kept, those that were asked last', async () => {
  const { recent, waiting } = slowView()
  for (let at = 0; at < 8; at++) {
    const read = recent.read(range(`of ${at}`), day(1), PATIENCE_MS)
    waiting.at(-1)?.answer(4_000)
    await read
  }
  const last = () => recent.read(range('of 7'), day(2), PATIENCE_MS)
  const isKept = async (at: number) => {
    const read = recent.read(range(`of ${at}`), day(2), PATIENCE_MS)
    const asked = waiting.at(-1)
    const isQuick = (await Promise.race([read.then(() => 'quick'), last().then(() => 'the last')])) === 'quick'
    asked?.answer(1)
    await read
    return isQuick
  }
  expect([await isKept(4), await isKept(0)]).toEqual([true, false])
})

test('questions that nothing is counted for are kept in numbers, too', async () => {
  let isAway = false
  const recent = new RecentSums(
    async () => {
      if (isAway) throw new Error('away')
      return []
    },
    () => 0,
  )
  for (let at = 0; at < 20_001; at++) await recent.read(range(`of ${at}`), day(1), PATIENCE_MS)
  isAway = true
  // Whatever is not remembered has to be read, and can't be.
  await expect(recent.read(range('of 0'), day(2), PATIENCE_MS)).rejects.toThrow('away')
})

test('four ranges are read at a time; who has an answer from before gets it while others wait for theirs', async () => {
  const { recent, waiting } = slowView()
  const first = recent.read(range('visits'), day(1), PATIENCE_MS)
  waiting[0]?.answer(3)
  await first
  const others = Array.from({ length: 5 }, (_, at) => recent.read(range(`of ${at}`), day(2), PATIENCE_MS))
  expect(waiting).toHaveLength(5)
  expect(await recent.read(range('visits'), day(3), 60_000)).toMatchObject({ asOf: day(1), rows: { length: 3 } })
  for (let at = 1; at <= 5; at++) {
    waiting[at]?.answer(1)
    await others[at - 1]
  }
  expect(waiting).toHaveLength(6)
})
