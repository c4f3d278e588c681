/** A count at its place: of each axis the way to it from the coarsest, `[['Ende', '101'], ['2026-W47']]`. */
export interface Cell {
  readonly place: readonly (readonly string[])[]
  readonly count: number
}

/** `suppressed`: that there is something is told, and not how much. `unlisted`: not even that. */
export type Verdict = 'shown' | 'suppressed' | 'unlisted'

/** What is fewer is not told. */
export const SUPPRESSED_BELOW = 5

/**
 * Which counts of a table may be told. One below five is suppressed, and so are others where it could be worked out without: whoever
 * has this table can ask for those with fewer dimensions too, which hold its sums.
 *
 *          W46  W47  all          W46  W47  all
 *    101     3   12   15            –    –   15     3 = 15 − 12, so 12 goes too;
 *    102    20   30   50     →      –    –   50     then 3 = 23 − 20, so 20 goes; then 12 = 42 − 30.
 *    all    23   42   65           23   42   65
 *
 * Each table is decided after the coarser ones and by nothing but what is in them, so it looks the same whatever else is asked. The rule
 * for a sum and its parts: never is exactly one of them unknown, and the unknown parts of a known sum are not all 1.
 * Where nothing is left to suppress for it, those parts are not listed either: then nobody knows how many there are.
 */
export function suppress(cells: readonly Cell[]): Verdict[] {
  const finest = cells[0]?.place.map((path) => path.length) ?? []
  const tables = new Map<string, Table>()
  for (const depths of coarsestFirst(finest)) tables.set(String(depths), decided(depths, cells, tables))
  const table = tables.get(String(finest))
  return cells.map((cell) => table?.get(keyOf(cell, finest))?.verdict ?? 'shown')
}

interface Entry {
  count: number
  verdict: Verdict
  lines: Line[]
}

type Table = Map<string, Entry>

/** A sum, and what it is the sum of along one axis. */
interface Line {
  parent: Entry
  parts: Entry[]
}

/** How deep each axis goes; a table is one of them. */
type Depths = readonly number[]

function coarsestFirst(finest: Depths): Depths[] {
  const all = finest.reduce<number[][]>(
    (found, most) => found.flatMap((depths) => Array.from({ length: most + 1 }, (_, depth) => [...depths, depth])),
    [[]],
  )
  const total = (depths: Depths) => depths.reduce((sum, depth) => sum + depth, 0)
  return all.sort((a, b) => total(a) - total(b))
}

function decided(depths: Depths, cells: readonly Cell[], tables: ReadonlyMap<string, Table>): Table {
  const unsorted: Table = new Map()
  const firstOf = new Map<Entry, Cell>()
  for (const cell of cells) {
    const key = keyOf(cell, depths)
    const entry = unsorted.get(key) ?? { count: 0, verdict: 'shown', lines: [] }
    entry.count += cell.count
    unsorted.set(key, entry)
  }
  // The same whichever order the rows came in: of two that are as small it is always the same one that goes.
  const table: Table = new Map([...unsorted].sort(([a], [b]) => (a < b ? -1 : 1)))
  const cellOf = new Map(cells.map((cell) => [keyOf(cell, depths), cell]))
  for (const [key, entry] of table) {
    const cell = cellOf.get(key)
    if (cell) firstOf.set(entry, cell)
  }
  for (const entry of table.values()) if (entry.count < SUPPRESSED_BELOW) entry.verdict = 'suppressed'
  const open = new Set(depths.flatMap((depth, axis) => (depth > 0 ? linesAlong(axis, depths, firstOf, tables) : [])))
  // What is added while it goes on is met too.
  for (const line of open) {
    open.delete(line)
    for (const entry of mended(line)) for (const touched of entry.lines) open.add(touched)
  }
  return table
}

function linesAlong(
  axis: number,
  depths: Depths,
  entries: ReadonlyMap<Entry, Cell>,
  tables: ReadonlyMap<string, Table>,
): Line[] {
  const coarser = depths.map((depth, index) => (index === axis ? depth - 1 : depth))
  const parents = tables.get(String(coarser))
  const lines = new Map<Entry, Line>()
  for (const [entry, cell] of entries) {
    const parent = parents?.get(keyOf(cell, coarser))
    if (!parent) continue
    const line = lines.get(parent) ?? { parent, parts: [] }
    line.parts.push(entry)
    entry.lines.push(line)
    lines.set(parent, line)
  }
  return [...lines.values()]
}

/** Suppresses as much of a line as it needs. What it changed. */
function mended({ parent, parts }: Line): Entry[] {
  const changed: Entry[] = []
  const shown = parts
    .filter(({ verdict }) => verdict === 'shown')
    .reverse()
    .sort((a, b) => b.count - a.count)
  const hidden = parts.filter(({ verdict }) => verdict !== 'shown')
  while (givesAway(parent, hidden)) {
    // The smallest is missed least.
    const next = shown.pop()
    if (next) {
      next.verdict = 'suppressed'
      hidden.push(next)
      changed.push(next)
    } else {
      for (const part of hidden) part.verdict = 'unlisted'
      break
    }
  }
  return changed
}

function givesAway(parent: Entry, hidden: readonly Entry[]): boolean {
  if (parent.verdict !== 'shown') return hidden.length === 0
  return hidden.length === 1 || (hidden.length > 0 && hidden.every(({ count }) => count === 1))
}

function keyOf({ place }: Cell, depths: Depths): string {
  return JSON.stringify(place.map((path, axis) => path.slice(0, depths[axis])))
}
