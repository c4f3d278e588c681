import fc from 'fast-check'
import { type Cell, suppress } from '../../../hub/statistics/suppress'
import { workedOut } from './attacker'

const shown = (cells: readonly Cell[]) => {
  const verdicts = suppress(cells)
  return cells.map(({ count }, index) => (verdicts[index] === 'shown' ? count : verdicts[index]))
}
const row = (facility: string, count: number): Cell => ({ place: [['Ende', facility]], count })

test('what is five or more is shown where nothing is small', () => {
  expect(shown([row('101', 5), row('102', 60)])).toEqual([5, 60])
})

test('one small number takes the next smallest along: else it is the sum less the others', () => {
  expect(shown([row('101', 3), row('102', 60), row('103', 7)])).toEqual(['suppressed', 60, 'suppressed'])
})

test('two of one each take another along: their sum would tell both', () => {
  expect(shown([row('101', 1), row('102', 1), row('103', 60), row('104', 70)])).toEqual([
    'suppressed',
    'suppressed',
    'suppressed',
    70,
  ])
})

test('five facilities with one each are not even listed: their number is the sum', () => {
  expect(shown(['101', '102', '103', '104', '105'].map((one) => row(one, 1)))).toEqual(Array(5).fill('unlisted'))
})

test('a small total hides nothing but itself', () => {
  expect(shown([row('101', 1), row('102', 2)])).toEqual(['suppressed', 'suppressed'])
})

test('a sum over weeks and a sum over facilities do not give a number away together', () => {
  const cells = [
    { place: [['', '101'], ['W46']], count: 3 },
    { place: [['', '101'], ['W47']], count: 12 },
    { place: [['', '102'], ['W46']], count: 20 },
    { place: [['', '102'], ['W47']], count: 30 },
  ]
  expect(shown(cells)).toEqual(Array(4).fill('suppressed'))
})

test('what is hidden among facilities is not added up from their weeks', () => {
  const weeks = (facility: string, counts: readonly number[]) =>
    counts.map((count, index) => ({ place: [['Ende', facility], [`W${index}`]], count }))
  const cells = [
    ...weeks('101', [2, 1, 9]),
    ...weeks('102', [10, 11, 12]),
    ...weeks('103', [1, 1]),
    ...weeks('104', [20, 30, 40]),
  ]
  expect(workedOut(cells)).toEqual([])
  // 103 has 2 in all, so by facility 101 goes with it (12): one of its weeks has to, too.
  expect(shown(cells).slice(0, 3)).toContain('suppressed')
})

const table = fc
  .tuple(
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 4 }),
    fc.integer({ min: 1, max: 3 }),
    fc.infiniteStream(count()),
  )
  .map(([facilities, weeks, groups, counts]) => cellsOf(facilities, weeks, groups, counts))

function count() {
  return fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 0, max: 6 }) }, fc.integer({ min: 5, max: 60 }))
}

function cellsOf(facilities: number, weeks: number, groups: number, counts: Iterator<number>): Cell[] {
  const cells: Cell[] = []
  for (let district = 0; district < 2; district++)
    for (let facility = 0; facility < facilities; facility++)
      for (let week = 0; week < weeks; week++)
        for (let group = 0; group < groups; group++) {
          const count = Number(counts.next().value)
          const place = [[`D${district}`, `${district}${facility}`], [`W${week}`], [`G${group}`]]
          // There is no row for nothing.
          if (count > 0) cells.push({ place, count })
        }
  return cells
}

test('property: no small number is worked out from a table and all its sums', () => {
  fc.assert(
    fc.property(table, (cells) => {
      expect(workedOut(cells)).toEqual([])
    }),
    { numRuns: 150 },
  )
})

test('property: nothing below five is shown, and without anything small everything is', () => {
  fc.assert(
    fc.property(table, (cells) => {
      const verdicts = suppress(cells)
      for (const [index, { count }] of cells.entries()) if (count < 5) expect(verdicts[index]).not.toBe('shown')
      if (cells.every(({ count }) => count >= 5))
        expect(new Set(verdicts)).toEqual(new Set(cells.length ? ['shown'] : []))
    }),
  )
})

test('property: what is decided does not hang on the order of the rows', () => {
  fc.assert(
    fc.property(table, (cells) => {
      expect(suppress([...cells].reverse()).reverse()).toEqual(suppress(cells))
    }),
  )
})
