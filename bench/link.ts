import { parseArgs } from 'node:util'
import { BULK } from './link/bulk'
import { FAILURES } from './link/failures'
import { QUIET } from './link/quiet'
import { openSources } from './link/sources'
import { TRANSFERS } from './link/transfers'
import { VISITS } from './link/visits'
import { printTargets, type Target } from './table'

const ROWS = [...TRANSFERS, ...VISITS, ...QUIET, ...FAILURES, ...BULK]

/**
 * What the push engine is held to. `npm run bench link`, or some of it: `npm run bench link -- --row visit --row 401`.
 * Bytes are those of both directions as they pass the link, headers included.
 */
export async function benchLink(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: { row: { type: 'string', multiple: true }, ours: { type: 'boolean' } },
  })
  const names = values.row ?? ROWS.map(({ name }) => name)
  const unknown = names.filter((name) => !ROWS.some((row) => row.name === name))
  if (unknown.length > 0)
    throw new Error(`There is no row ${unknown}. There are: ${ROWS.map(({ name }) => name).join(', ')}.`)
  const sources = await openSources()
  const targets: Target[] = []
  try {
    for (const row of ROWS.filter(({ name }) => names.includes(name))) {
      const stock = row.stock && !values.ours ? await row.stock(sources) : '–'
      const ours = await row.ours(sources)
      targets.push([row.work, stock, ours, row.toReach])
      process.stderr.write(`${row.name}: ${stock} | ${ours}\n`)
    }
  } finally {
    await sources.remove()
  }
  printTargets('the push over bad links', 'stock PouchDB', 'lontar edge', targets)
}
