import { connect } from '../hub/couch/connect'
import { startCouch } from '../test/support/couch'
import { startGateway } from '../test/support/gateway'

const FACILITIES = 400
const REQUESTS = 20

/** `npm run bench nodes`: how long an operator waits for the list of 400 facilities, and for a week of one. */
export async function benchNodes(): Promise<void> {
  const store = await startCouch()
  const gateway = await startGateway(store)
  const couch = connect(store.address)
  try {
    await couch.database('nodes').bulk(Array.from({ length: FACILITIES }, (_, index) => facility(1_000 + index)).flat())
    for (const path of ['/operator/nodes', '/operator/nodes/node-1000', '/operator/nodes/node-1000/series']) {
      const took: number[] = []
      let bytes = 0
      for (let request = 0; request < REQUESTS; request++) {
        const startedMs = performance.now()
        const { status, body } = await gateway.operator(path)
        if (status !== 200) throw new Error(`${path} answered ${status}`)
        took.push(performance.now() - startedMs)
        bytes = JSON.stringify(body).length
      }
      const [first = 0] = took
      took.sort((a, b) => a - b)
      const at = (part: number) => Math.round(took[Math.floor((took.length - 1) * part)] ?? 0)
      process.stdout.write(
        `${path}: first ${Math.round(first)} ms, median ${at(0.5)}, worst ${at(1)}, ${bytes} bytes\n`,
      )
    }
  } finally {
    await couch.stop()
    await gateway.stop()
    await store.stop()
  }
}

function facility(number: number): object[] {
  const externalId = String(number)
  const nodeName = `node-${externalId}`
  const at = new Date().toISOString()
  const numbers = {
    backlogDocuments: number,
    backlogBytes: number * 900,
    refusedDocuments: 0,
    bytesToday: 5_120_332,
    uptimeSeconds: 86_400,
  }
  const node = {
    ...{
      _id: nodeName,
      kind: 'node',
      nodeName,
      externalId,
      name: `Facility ${externalId}`,
      registrationId: 'abcdefgh',
    },
    ...{ state: 'active', acceptedAt: at, configurationVersion: 1, dataAccess: { status: 'none' } },
  }
  const report = {
    at,
    version: '0.1.0',
    syncState: 'idle',
    oldestUnsentAt: at,
    freeDiskBytes: 8_123_904_000,
    ...numbers,
  }
  const days = Array.from({ length: 8 }, (_, ago) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10))
  const series = days.map((day) => ({
    ...{ _id: `series:${day}:${nodeName}`, kind: 'series', nodeName, day },
    points: Array.from({ length: 24 }, (_, hour) => ({
      hour: `${day}T${String(hour).padStart(2, '0')}:00:00.000Z`,
      ...numbers,
    })),
  }))
  const seen = { _id: `seen:${nodeName}`, kind: 'seen', nodeName, at }
  return [node, seen, { _id: `report:${nodeName}`, kind: 'report', nodeName, report }, ...series]
}
