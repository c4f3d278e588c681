import { documentsOfHub } from '../../test/support/compare'
import { acceptEdge } from '../../test/support/edge'
import type { LinkWeather } from '../../test/support/link'
import { OUR_LIMIT_MS, type Row, STOCK_LIMIT_MS, seconds, whole } from './row'
import type { Sources } from './sources'
import { edgeWith, openWay, startStock, type Way } from './way'

interface Transfer {
  delivered: number
  elapsedMs: number
  bytes: number
  requests: number
  connections: number
}

interface Task {
  records: number
  weather: Partial<LinkWeather>
}

const CUT: Task = {
  records: 300,
  weather: {
    roundTripMs: 300,
    upBitsPerSecond: 128_000,
    downBitsPerSecond: 128_000,
    cut: { everyMs: 10_000, forMs: 2_000 },
  },
}
const SLOW: Task = {
  records: 1_000,
  weather: { roundTripMs: 300, upBitsPerSecond: 1_000_000, downBitsPerSecond: 1_000_000 },
}
const LOOPBACK: Task = { records: 10_000, weather: {} }

export const TRANSFERS: Row[] = [
  row('cut', '300 records, 128 kbit/s, 300 ms, cut every 10 s for 2 s', 'all in 15 s', CUT, arrived),
  row('slow', '1,000 records, 1 Mbit/s, 300 ms', '3 s, 160 B a record, 12 requests, 1 connection', SLOW, frugal),
  row('loopback', '10,000 records, loopback, embedded hub', '2 times as many', LOOPBACK, fast),
]

function row(
  name: string,
  work: string,
  toReach: string,
  task: Task,
  said: (done: Transfer, task: Task) => string,
): Row {
  return {
    name,
    work,
    toReach,
    stock: async (sources) => said(await byStock(task, sources), task),
    ours: async (sources) => said(await byEdge(task, sources), task),
  }
}

function arrived({ delivered, elapsedMs }: Transfer, { records }: Task): string {
  return delivered === records ? `all in ${seconds(elapsedMs)}` : `${delivered} in ${seconds(elapsedMs)}`
}

function frugal(done: Transfer, task: Task): string {
  const each = whole(done.bytes / Math.max(1, done.delivered))
  const connections = `${done.connections} connection${done.connections === 1 ? '' : 's'}`
  return `${arrived(done, task)}, ${each} B a record, ${done.requests} requests, ${connections}`
}

function fast(done: Transfer): string {
  return `${whole((done.delivered * 1_000) / done.elapsedMs)} records/s`
}

async function byEdge({ records, weather }: Task, sources: Sources): Promise<Transfer> {
  const way = await openWay()
  const edge = await edgeWith(await sources.of(records), way.hub.url)
  try {
    begin(way, weather)
    await acceptEdge(way.hub, edge)
    await edge.synced(OUR_LIMIT_MS)
    return await taken(way)
  } finally {
    await edge.remove()
    await way.remove()
  }
}

async function byStock({ records, weather }: Task, sources: Sources): Promise<Transfer> {
  const source = await sources.of(records)
  const way = await openWay()
  begin(way, weather)
  const stock = await startStock(way, source)
  try {
    const isDone = await stock.caughtUp(STOCK_LIMIT_MS)
    return { ...(await taken(way)), ...(isDone ? {} : { elapsedMs: STOCK_LIMIT_MS }) }
  } finally {
    await stock.remove()
    await way.remove()
  }
}

function begin({ link, counter }: Way, weather: Partial<LinkWeather>): void {
  link.become(weather)
  link.reset()
  counter.reset()
}

async function taken({ hub, link, counter }: Way): Promise<Transfer> {
  const { bytesUp, bytesDown, connections, elapsedMs } = link.traffic()
  const { requests } = counter.traffic()
  const delivered = (await documentsOfHub(hub)).size
  return { delivered, elapsedMs, bytes: bytesUp + bytesDown, requests, connections }
}
