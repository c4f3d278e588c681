import { RecentSums } from '../../../hub/statistics/recent-sums'

const MINUTE_MS = 60_000
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
  const both = [recent.read(range('visits'), day(1), 250), recent.read(range('visits'), day(2), 250)]
  expect(waiting).toHaveLength(1)
  waiting[0]?.answer(3)
  // It was begun for the first of them, and no more is known to be in it.
  for (const { rows, asOf } of await Promise.all(both)) expect([rows.length, asOf]).toEqual([3, day(1)])
})

test('what is read in time is the answer; where it takes longer, what was read before is, as of then', async () => {
  const { recent, waiting } = slowView()
  const first = recent.read(range('visits'), day(1), 250)
  waiting[0]?.answer(3)
  await first
  const second = recent.read(range('visits'), day(2), 250)
  waiting[1]?.answer(4)
  expect(await second).toMatchObject({ asOf: day(2), rows: { length: 4 } })
  const third = await recent.read(range('visits'), day(3), 250)
  expect([third.rows.length, third.asOf]).toEqual([4, day(2)])
  // It goes on by itself, and whoever comes next has it.
  waiting[2]?.answer(5)
  expect(await recent.read(range('visits'), day(4), 250)).toMatchObject({ asOf: day(3), rows: { length: 5 } })
})

test('what is ten minutes old is no answer', async () => {
  const { recent, waiting, pass } = slowView()
  const first = recent.read(range('visits'), day(1), 250)
  waiting[0]?.answer(3)
  await first
  pass(11 * MINUTE_MS)
  let isAnswered = false
  const later = recent.read(range('visits'), day(2), 250).finally(() => {
    isAnswered = true
  })
  await new Promise((resolve) => setTimeout(resolve, 400))
  expect(isAnswered).toBe(false)
  waiting[1]?.answer(4)
  expect((await later).rows).toHaveLength(4)
})

test('a view that fails says so, and is asked anew', async () => {
  const { recent, waiting } = slowView()
  const first = recent.read(range('visits'), day(1), 250)
  waiting[0]?.fail(new Error('away'))
  await expect(first).rejects.toThrow('away')
  const second = recent.read(range('visits'), day(1), 250)
  waiting[1]?.answer(3)
  expect((await second).rows).toHaveLength(3)
  const third = recent.read(range('visits'), day(2), 250)
  waiting[2]?.fail(new Error('away again'))
  await expect(third).rejects.toThrow('away again')
})

test('no more than some questions are kept, those that were asked last', async () => {
  const { recent, waiting } = slowView()
  for (let at = 0; at < 8; at++) {
    const read = recent.read(range(`of ${at}`), day(1), 250)
    waiting.at(-1)?.answer(4_000)
    await read
  }
  const isKept = async (at: number) => {
    const asked = waiting.length
    const read = recent.read(range(`of ${at}`), day(2), 250)
    const { answer } = waiting[asked] ?? {}
    const quick = await Promise.race([
      read,
      new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 400)),
    ])
    answer?.(1)
    return quick !== undefined
  }
  expect([await isKept(7), await isKept(4), await isKept(0)]).toEqual([true, true, false])
})
