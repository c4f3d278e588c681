import { type Cell, SUPPRESSED_BELOW, suppress } from '../../../hub/statistics/suppress'

interface Number {
  count: number
  known: boolean
  /** Its row is there, with a number or without. */
  listed: boolean
}

interface Sum {
  parent: Number
  parts: Number[]
  /** The table of the parts leaves rows out, so one that is not there need not be nothing. */
  mayHaveMore: boolean
}

/**
 * What somebody works out who has a table and every table with fewer dimensions or coarser places: from each sum of which one
 * number is unknown that number, and where what is missing to a sum is as much as there are unknown rows, that each is 1.
 * The small ones among them, as they should not be.
 */
export function workedOut(cells: readonly Cell[]): string[] {
  const finest = cells[0]?.place.map((path) => path.length) ?? []
  const tables = new Map<string, { numbers: Map<string, Number>; mayHaveMore: boolean }>()
  for (const depths of allDepths(finest)) tables.set(String(depths), asked(cells, depths))
  const sums = [...allDepths(finest)].flatMap((depths) =>
    depths.flatMap((depth, axis) => (depth > 0 ? sumsAlong(cells, depths, axis, tables) : [])),
  )
  for (let found = true; found; ) found = sums.map(learn).includes(true)
  return [...tables].flatMap(([depths, { numbers }]) =>
    [...numbers].flatMap(([key, { count, known }]) => (known && count < SUPPRESSED_BELOW ? [`${depths} ${key}`] : [])),
  )
}

/** Asked by itself, as anybody does. */
function asked(cells: readonly Cell[], depths: readonly number[]) {
  const sums = new Map<string, Cell>()
  for (const cell of cells) {
    const place = cell.place.map((path, axis) => path.slice(0, depths[axis]))
    const key = JSON.stringify(place)
    sums.set(key, { place, count: cell.count + (sums.get(key)?.count ?? 0) })
  }
  const table = [...sums.values()]
  const verdicts = suppress(table)
  const numbers = new Map(
    [...sums.keys()].map((key, index): [string, Number] => [
      key,
      {
        count: table[index]?.count ?? 0,
        known: verdicts[index] === 'shown',
        listed: verdicts[index] !== 'unlisted',
      },
    ]),
  )
  return { numbers, mayHaveMore: verdicts.includes('unlisted') }
}

function learn({ parent, parts, mayHaveMore }: Sum): boolean {
  const unknown = [parent, ...parts].filter(({ known }) => !known)
  const [only] = unknown
  if (mayHaveMore || only === undefined) return false
  const missing = parts.filter(({ known }) => !known)
  const areAllOne = parent.known && missing.every(({ count }) => count === 1)
  if (unknown.length > 1 && !areAllOne) return false
  for (const one of unknown) one.known = true
  return true
}

function sumsAlong(
  cells: readonly Cell[],
  depths: readonly number[],
  axis: number,
  tables: ReadonlyMap<string, { numbers: Map<string, Number>; mayHaveMore: boolean }>,
): Sum[] {
  const coarser = depths.map((depth, index) => (index === axis ? depth - 1 : depth))
  const [own, above] = [tables.get(String(depths)), tables.get(String(coarser))]
  const sums = new Map<string, Sum>()
  for (const { place } of cells) {
    const keyAt = (at: readonly number[]) => JSON.stringify(place.map((path, index) => path.slice(0, at[index])))
    const [part, parent] = [own?.numbers.get(keyAt(depths)), above?.numbers.get(keyAt(coarser))]
    if (!part || !parent) continue
    const sum = sums.get(keyAt(coarser)) ?? { parent, parts: [], mayHaveMore: own?.mayHaveMore === true }
    if (!sum.parts.includes(part)) sum.parts.push(part)
    sums.set(keyAt(coarser), sum)
  }
  return [...sums.values()]
}

function allDepths(finest: readonly number[]): number[][] {
  return finest.reduce<number[][]>(
    (found, most) => found.flatMap((depths) => Array.from({ length: most + 1 }, (_, depth) => [...depths, depth])),
    [[]],
  )
}
