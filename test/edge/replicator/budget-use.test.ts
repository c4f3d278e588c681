import { ClassicLevel } from 'classic-level'
import { BudgetUse } from '../../../edge/replicator/budget-use'
import { temporaryFolder } from '../../support/processes'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let store: ClassicLevel<string, number>

beforeEach(async () => {
  folder = await temporaryFolder()
  store = new ClassicLevel<string, number>(folder.path, { valueEncoding: 'json' })
  await store.open()
})
afterEach(async () => {
  await store.close()
  await folder.remove()
})

const day = (date: number, hour = 12) => new Date(2026, 0, date, hour)

test('R25: counts by local day, and finds it again after a restart', async () => {
  const use = await BudgetUse.open(store)
  use.add(1_000, day(15, 0))
  use.add(500, day(15, 23))
  use.add(70, day(16, 0))
  await use.keep()
  const again = await BudgetUse.open(store)
  expect([again.on(day(14)), again.on(day(15)), again.on(day(16))]).toEqual([0, 1_500, 70])
  again.add(1, day(15))
  expect(again.on(day(15))).toBe(1_501)
})

test('R25: a clock that was wrong by a day gives no second budget', async () => {
  const use = await BudgetUse.open(store)
  use.add(1_000, day(15))
  use.add(1, day(16))
  expect(use.on(day(15))).toBe(1_000)
})

test('keeps by itself what a crash must not lose', async () => {
  const use = await BudgetUse.open(store)
  for (let piece = 0; piece < 10; piece++) use.add(16 * 1024, day(15))
  await use.keep()
  expect(await store.get('2026-01-15')).toBe(160 * 1024)
})

test('forgets days of long ago', async () => {
  const use = await BudgetUse.open(store)
  for (let date = 1; date <= 20; date++) {
    use.add(date, day(date))
    await use.keep()
  }
  expect(await store.keys().all()).toHaveLength(7)
  expect(use.on(day(20))).toBe(20)
})
