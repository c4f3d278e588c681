import { acceptEdge } from '../../test/support/edge'
import { until } from '../../test/support/processes'
import { type Row, STOCK_LIMIT_MS, seconds } from './row'
import type { Sources } from './sources'
import { edgeWith, openWay, startStock, type Way } from './way'

const RECORDS = 1_000
const SLOW = { roundTripMs: 300, upBitsPerSecond: 128_000, downBitsPerSecond: 128_000 }
/** By then documents are on their way: of the stock replication's first batch as of one of ours. */
const BYTES_BEFORE = 40_000
const HOLE_MS = 30_000
const REFUSAL_MS = 60_000
const OUR_LIMIT_MS = 5 * 60_000

interface Trouble {
  lastsMs: number
  /** Resolves once the trouble is there. */
  begin: (way: Way) => Promise<void>
}

const HOLE: Trouble = {
  lastsMs: HOLE_MS,
  async begin(way) {
    await underWay(way)
    way.link.become({ ...SLOW, fault: 'swallow' })
  },
}
/** A stock replication looks at the word and not at the status: CouchDB's own two, `unauthorized` and `forbidden`, end it. */
const refusal = (error: string): Trouble => ({
  lastsMs: REFUSAL_MS,
  async begin(way) {
    await underWay(way)
    const { gate } = way
    gate.fault = { kind: 'answers', status: 401, body: { error, reason: 'Name or password is incorrect.' } }
    await until('it is refused', async () => gate.faults() > 0)
    way.link.become({})
  },
})

async function underWay({ link }: Way): Promise<void> {
  link.become(SLOW)
  link.reset()
  await until('documents are on their way', async () => link.traffic().bytesUp > BYTES_BEFORE)
}

/** How long after the trouble is over the first request reaches the hub. */
export const FAILURES: Row[] = [
  row(
    'hole',
    `black hole for ${HOLE_MS / 1_000} s in the middle of a push, then a healthy hub`,
    'sending again within 60 s',
    HOLE,
  ),
  row('401', '401 for one minute in the middle of a push', 'sending again within 2 min', refusal('unauthorized')),
  row('401-code', 'the same with the error code of this hub', '–', refusal('UNAUTHENTICATED')),
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
    const begun = trouble.begin(way)
    await acceptEdge(way.hub, edge)
    await begun
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
  const begun = trouble.begin(way)
  const stock = await startStock(way, await sources.of(RECORDS))
  try {
    await begun
    const again = await sendsAgain(way, trouble, STOCK_LIMIT_MS, () => stock.hasStopped())
    return stock.hasStopped() ? 'stops for good' : again
  } finally {
    await stock.remove()
    await way.remove()
  }
}

async function sendsAgain(
  { link, gate, counter }: Way,
  trouble: Trouble,
  limitMs: number,
  isOver = () => false,
): Promise<string> {
  await new Promise((resume) => setTimeout(resume, trouble.lastsMs))
  counter.reset()
  gate.fault = undefined
  link.become({})
  const healedAt = performance.now()
  try {
    await until('a request gets through', async () => isOver() || counter.traffic().requests > 0, limitMs)
    return `sending again after ${seconds(performance.now() - healedAt)}`
  } catch {
    return `sends nothing in ${seconds(limitMs)}`
  }
}
