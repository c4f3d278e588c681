import { districtsOf } from '../../../hub/statistics/districts'

const MINUTE_MS = 60_000
/** As the view has them: an Organization of its own (0) before a Location (1). */
const ROWS = [
  { key: ['district', '101', 0, 'Ende'], value: [1] },
  { key: ['district', '101', 1, 'Sikka'], value: [1] },
  { key: ['district', '102', 1, 'Alor'], value: [2] },
]

test('what the ministry has set counts, then the Organization, then a Location', async () => {
  let nowMs = 0
  let set = new Map([['102', 'Belu']])
  const districts = districtsOf(
    async () => ROWS,
    async () => set,
    () => nowMs,
  )
  const said = async () => Object.fromEntries(await districts())
  expect(await said()).toEqual({ '101': 'Ende', '102': 'Belu' })
  set = new Map([['103', 'Ngada']])
  // Remembered for a minute.
  expect(await said()).toEqual({ '101': 'Ende', '102': 'Belu' })
  nowMs = MINUTE_MS
  expect(await said()).toEqual({ '101': 'Ende', '102': 'Alor', '103': 'Ngada' })
})
