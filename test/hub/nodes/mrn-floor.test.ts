import fc from 'fast-check'
import { mrnFloor } from '../../../hub/nodes/mrn-floor'
import { mrnOf } from '../../../protocol/mrn'

/** As `_all_docs` answers it, descending, with limit 1: ids in the order of their bytes. */
const among = (ids: readonly string[]) => async (from: string, to: string) =>
  [...ids].sort((a, b) => (a < b ? 1 : -1)).find((id) => id <= from && id >= to)

const documents = (mrn: string) => [`${mrn}:Patient`, `${mrn}:Observation:01J9`, `${mrn}:Encounter:zz`]

test.each([
  ['nothing', [], 0],
  ["the facility's own documents alone", ['101:Organization:main', '101:Location:ward'], 0],
  ["other facilities' documents", [...documents(mrnOf('102', 7)), ...documents(mrnOf('100', 9))], 0],
  ['minted ones', [1, 2, 42].flatMap((counter) => documents(mrnOf('101', counter))), 42],
  ['the highest of all', documents(mrnOf('101', 9_999_999)), 9_999_999],
  ['numbers of an older system above', [...documents(mrnOf('101', 42)), ...documents('1010999999')], 42],
  ['numbers of an older system alone', documents('1010000007'), 0],
  [
    'one of 7 digits that begins as the minted one does',
    [...documents(mrnOf('101', 42)), ...documents('1010000042')],
    42,
  ],
  ['eight digits with a wrong check digit above', [...documents(mrnOf('101', 42)), ...documents('10100000999')], 42],
])('from %s', async (_what, ids, floor) => {
  expect(await mrnFloor('101', among(ids))).toBe(floor)
})

test('is the highest minted counter, whatever lies between', async () => {
  const counters = fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 8 })
  const older = fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(counters, older, async (minted, sevenDigits) => {
      const ids = [
        ...minted.flatMap((counter) => documents(mrnOf('101', counter))),
        ...sevenDigits.flatMap((number) => documents(`101${String(number).padStart(7, '0')}`)),
        '101:Organization:main',
      ]
      expect(await mrnFloor('101', among(ids))).toBe(Math.max(0, ...minted))
    }),
    { seed: 101 },
  )
})

test('is too high rather than too low where too many older numbers lie above', async () => {
  const ids = Array.from({ length: 6_000 }, (_, number) => `101${String(number).padStart(7, '0')}:Patient`)
  const sorted = [...ids, `${mrnOf('101', 3)}:Patient`].sort((a, b) => (a < b ? 1 : -1))
  let position = 0
  const floor = await mrnFloor('101', async (from) => {
    while ((sorted[position] ?? '') > from) position++
    return sorted[position]
  })
  expect(floor).toBeGreaterThanOrEqual(3)
  expect(floor).toBeLessThan(1_000)
})
