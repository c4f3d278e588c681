import { REPORT } from '../protocol/headers'
import { encodeReport } from '../protocol/node-report'
import { atOnce } from '../scripts/simulate/at-once'
import { SimulatedFacility } from '../scripts/simulate/facility'
import { planned } from '../scripts/simulate/plan'
import { reportOf } from '../scripts/simulate/report'
import { askJson, basic } from '../test/support/ask'
import { startHub } from '../test/support/hub'
import { type NodeAccount, registerNode } from '../test/support/node'
import { gatewayOn, type Pushed, pushUntil } from './gate'
import { peakMemoryOf } from './memory'
import { printGrid } from './table'

/** How many facilities push at the same time, one run after the other. */
const RUNS = [1, 50, 200, 400] as const
const MOST = 400
const SECONDS = 20
const REGISTERED_AT_ONCE = 8
const LISTS = ['nodes', 'today', 'refused', 'audit', 'alerts'] as const

type Gateway = Awaited<ReturnType<typeof gatewayOn>>

/** How much one gateway takes from how many facilities, and how long a person at the ministry waits meanwhile. */
export async function benchHub(): Promise<void> {
  const store = await startHub()
  const gateway = await gatewayOn(store)
  const rows: string[][] = []
  try {
    const nodes = await facilities(gateway)
    for (const many of RUNS) rows.push(await run(gateway, nodes.slice(0, many)))
  } finally {
    await gateway.kill()
    await store.remove()
  }
  printGrid(
    `Facilities that push 50 documents at a time to one gateway, ${SECONDS} s each, while somebody looks at lists of ${MOST}`,
    [
      'facilities',
      'documents/s',
      'push p50',
      'push p95',
      'come again',
      'memory',
      ...LISTS.map((list) => `${list} p95`),
    ],
    rows,
  )
}

/** All of them are there and have reported, whoever pushes. */
async function facilities(gateway: Gateway): Promise<NodeAccount[]> {
  const nodes: NodeAccount[] = []
  const plans = planned(MOST, { silent: 0, behind: 20, refused: 0, waiting: 0 }, 1)
  const at = { hubUrl: gateway.url, seed: 1, today: new Date(), signal: new AbortController().signal }
  await atOnce(REGISTERED_AT_ONCE, plans, async (plan) => {
    const node = await registerNode(gateway, plan.externalId, plan.name)
    const facility = new SimulatedFacility(plan, { claim: node.claim, patients: 0 }, at)
    const headers = { [REPORT]: encodeReport(reportOf(facility, Date.now())) }
    await askJson(`${gateway.url}/node/configuration`, basic(node.nodeName, node.syncPassword), { headers })
    await facility.line.close()
    nodes.push(node)
  })
  return nodes
}

async function run(gateway: Gateway, nodes: readonly NodeAccount[]): Promise<string[]> {
  const pushed: Pushed = { documents: 0, milliseconds: [], later: 0 }
  const startedAt = performance.now()
  const endAt = startedAt + SECONDS * 1_000
  const [waits] = await Promise.all([
    look(gateway, endAt),
    ...nodes.map((node) => pushUntil(endAt, gateway, node, pushed)),
  ])
  const took = performance.now() - startedAt
  const { documents, milliseconds, later } = pushed
  const ms = (list: readonly number[], share: number) => `${Math.round(percentile(list, share))} ms`
  return [
    String(nodes.length),
    // What was under way at the end is waited for, and counts.
    ((documents * 1_000) / took).toFixed(0),
    ms(milliseconds, 0.5),
    ms(milliseconds, 0.95),
    `${later} of ${milliseconds.length + later}`,
    `${Math.round(peakMemoryOf(gateway.pid) / 1e6)} MB`,
    ...LISTS.map((list) => ms(waits[list], 0.95)),
  ]
}

/** A person at the console: one list after the other, as long as the others push. */
async function look(gateway: Gateway, endAt: number): Promise<Record<(typeof LISTS)[number], number[]>> {
  const waits: Record<(typeof LISTS)[number], number[]> = { nodes: [], today: [], refused: [], audit: [], alerts: [] }
  while (performance.now() < endAt) {
    for (const list of LISTS) {
      const startedAt = performance.now()
      const { status } = await gateway.operator(`/operator/${list}`)
      if (status !== 200) throw new Error(`/operator/${list} answered ${status}`)
      waits[list].push(performance.now() - startedAt)
    }
  }
  return waits
}

function percentile(list: readonly number[], share: number): number {
  return list.toSorted((a, b) => a - b)[Math.floor(list.length * share)] ?? Number.NaN
}
