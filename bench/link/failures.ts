import { acceptEdge } from '../../test/support/edge'
import { until } from '../../test/support/processes'
import { type Row, STOCK_LIMIT_MS, seconds } from './row'
import type { Sources } from './sources'
import { edgeWith, openWay, startStock, type Way } from './way'

const RECORDS = 300
const HOLE_MS = 30_000
const REFUSAL_MS = 60_000
const OUR_LIMIT_MS = 5 * 60_000

interface Trouble {
  lastsMs: number
  begin: (way: Way) => void
}

const HOLE: Trouble = { lastsMs: HOLE_MS, begin: ({ link }) => link.become({ fault: 'swallow' }) }
const REFUSAL: Trouble = {
  lastsMs: REFUSAL_MS,
  begin: ({ gate }) => {
    const body = { error: 'UNAUTHENTICATED', reason: 'So says the gate of the lab.' }
    gate.fault = { kind: 'answers', status: 401, body }
  },
}

/** How long after the trouble is over the first request reaches the hub. */
export const FAILURES: Row[] = [
  row('hole', `black hole for ${HOLE_MS / 1_000} s, then a healthy hub`, 'sending again within 60 s', HOLE),
  row('401', '401 for one minute', 'sending again within 2 min', REFUSAL),
]

function row(name: string, work: string, toReach: string, trouble: Trouble): Row {
  return {
    name,
    work,
    toReach,
    stock: (sources) => byStock(trouble, sources),
    ours: (sources) => byEdge(trouble, sources),
  }
}

async function byEdge(trouble: Trouble, sources: Sources): Promise<string> {
  const way = await openWay()
  const edge = await edgeWith(await sources.of(RECORDS), way.hub.url)
  try {
    trouble.begin(way)
    await acceptEdge(way.hub, edge)
    const again = await sendsAgain(way, trouble, OUR_LIMIT_MS)
    await edge.synced(OUR_LIMIT_MS)
    return again
  } finally {
    await edge.remove()
    await way.remove()
  }
}

async function byStock(trouble: Trouble, sources: Sources): Promise<string> {
  const way = await openWay()
  trouble.begin(way)
  const stock = await startStock(way, await sources.of(RECORDS))
  try {
    const again = await sendsAgain(way, trouble, STOCK_LIMIT_MS)
    return stock.hasStopped() ? `stops for good` : again
  } finally {
    await stock.remove()
    await way.remove()
  }
}

async function sendsAgain({ link, gate, counter }: Way, trouble: Trouble, limitMs: number): Promise<string> {
  await until('the trouble is met', async () => gate.faults() > 0 || link.traffic().bytesUp > 0, limitMs)
  await new Promise((resume) => setTimeout(resume, trouble.lastsMs))
  counter.reset()
  gate.fault = undefined
  link.become({})
  const healedAt = performance.now()
  try {
    await until('a request gets through', async () => counter.traffic().requests > 0, limitMs)
    return `sending again after ${seconds(performance.now() - healedAt)}`
  } catch {
    return `sends nothing in ${seconds(limitMs)}`
  }
}
