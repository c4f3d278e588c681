import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { madeUpRecord } from '../../scripts/made-up/records'
import { acceptEdge } from '../../test/support/edge'
import { temporaryFolder } from '../../test/support/processes'
import { OUR_LIMIT_MS, type Row, STOCK_LIMIT_MS, seconds, whole } from './row'
import { edgeWith, openWay, startStock, type Way } from './way'

const TODAY = new Date('2026-01-15T00:00:00Z')
const DOCUMENTS = 10
const BEFORE = 300
const ROUND_TRIP_MS = 300
/** After its last byte a visit is over for this long: what comes late, such as a checkpoint, is part of it. */
const QUIET_MS = 3_000

/** Both have sent what was there before, and go on running: then the visit is written. */
export const VISITS: Row[] = [
  {
    name: 'visit',
    work: `one visit: ${DOCUMENTS} documents, ${ROUND_TRIP_MS} ms`,
    toReach: '2 requests, 4 kB',
    async stock(sources) {
      const folder = await temporaryFolder()
      const extra = join(folder.path, 'extra.json')
      await writeFile(extra, JSON.stringify(visitDocuments()))
      const way = await openWay()
      const stock = await startStock(way, await sources.of(BEFORE), extra)
      try {
        await stock.caughtUp(STOCK_LIMIT_MS)
        return await measured(way, async () => {
          stock.write()
          await stock.caughtUp(STOCK_LIMIT_MS)
        })
      } finally {
        await stock.remove()
        await way.remove()
        await folder.remove()
      }
    },
    async ours(sources) {
      const way = await openWay()
      const edge = await edgeWith(await sources.of(BEFORE), way.hub.url)
      try {
        await acceptEdge(way.hub, edge)
        await edge.synced(OUR_LIMIT_MS)
        return await measured(way, async () => {
          const { status, body } = await edge.ask('/load', { method: 'POST', body: visit() })
          if (status !== 200) throw new Error(`not written: ${JSON.stringify(body)}`)
          await edge.synced(OUR_LIMIT_MS)
        })
      } finally {
        await edge.remove()
        await way.remove()
      }
    },
  },
]

async function measured({ link, counter }: Way, visited: () => Promise<void>): Promise<string> {
  link.become({ roundTripMs: ROUND_TRIP_MS })
  await quiet(link)
  link.reset()
  counter.reset()
  await visited()
  await quiet(link)
  const { bytesUp, bytesDown, elapsedMs } = link.traffic()
  return `${counter.traffic().requests} requests, ${whole(bytesUp + bytesDown)} B, ${seconds(elapsedMs)}`
}

async function quiet(link: Way['link']): Promise<void> {
  for (let before = -1; ; ) {
    const { bytesUp, bytesDown } = link.traffic()
    if (bytesUp + bytesDown === before) return
    before = bytesUp + bytesDown
    await new Promise((resume) => setTimeout(resume, QUIET_MS))
  }
}

/** A new patient with a visit; immunizations fill it up. */
function visit() {
  const { entry = [], ...bundle } = madeUpRecord(2, 0, TODAY)
  const isOf = (type: string) => (one: (typeof entry)[number]) => one.resource?.resourceType === type
  const patient = entry.filter(isOf('Patient'))
  const seen = entry.slice(entry.findLastIndex(isOf('Encounter')))
  const others = entry.filter(isOf('Immunization')).slice(0, DOCUMENTS - patient.length - seen.length)
  const chosen = [...patient, ...others, ...seen]
  if (chosen.length !== DOCUMENTS) throw new Error(`a visit of ${chosen.length} documents`)
  return { ...bundle, entry: chosen }
}

/** The same as an edge would store it; where the ids come from is all the same to a replication. */
function visitDocuments(): object[] {
  return (visit().entry ?? []).map(({ resource }, index) => {
    const isPatient = resource?.resourceType === 'Patient'
    const local = `01J9ZK3V5N8Q2W4E6R8T0Y${String(index).padStart(4, '0')}`
    return {
      _id: isPatient ? '10199000014:Patient' : `10199000014:${resource?.resourceType}:${local}`,
      type: resource?.resourceType,
      mrn: '10199000014',
      facility: '101',
      recordedAt: '2026-01-15T00:00:00.000Z',
      resource: { ...resource, id: isPatient ? '10199000014' : `10199000014.${local}` },
    }
  })
}
