import { createHash } from 'node:crypto'
import type { HubAccess } from '../../../edge/replicator/hub-connection'
import type { RecordDocument } from '../../../schemas/generated/types'
import { Engine, healthy, pushedTo } from '../../support/engine'
import { temporaryFolder, until } from '../../support/processes'
import { location } from '../../support/records'
import { type ReceivedRequest, type ScriptedServer, startScriptedServer } from '../../support/scripted-server'

/** A Thursday morning at the facility, by the clock on the wall. */
const MORNING = new Date(2026, 0, 15, 9)
const NIGHT = new Date(2026, 0, 15, 22, 30)
const NEXT_DAY = new Date(2026, 0, 16, 0, 1)

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let engine: Engine
let peer: ScriptedServer

beforeEach(async () => {
  folder = await temporaryFolder()
  engine = await Engine.open(folder.path)
  engine.now = () => MORNING
})
afterEach(async () => {
  await engine.close()
  await peer.stop()
  await folder.remove()
})

const access = (): HubAccess => ({ syncUrl: peer.url, nodeName: 'node-101', syncPassword: 'secret' })

function observation(local: string): RecordDocument {
  return {
    ...location('101', local),
    _id: `10100000042:Observation:${local}`,
    type: 'Observation',
    mrn: '10100000042',
    recordedAt: MORNING.toISOString(),
    resource: { resourceType: 'Observation', id: `10100000042.${local}` } as RecordDocument['resource'],
  }
}

/** Text that no encoder makes smaller than about three quarters, always the same. */
function noise(seed: string, bytes: number): string {
  let text = ''
  for (let block = 0; text.length < bytes; block++) {
    text += createHash('sha512').update(`${seed} ${block}`).digest('base64')
  }
  return text.slice(0, bytes)
}

/** A backlog that takes a batch for each document. */
const backlog = (count: number) =>
  Array.from({ length: count }, (_, index) => location('101', `big${index}`, noise(`big${index}`, 300_000)))

const bodies = ({ received }: ScriptedServer) =>
  received.filter(({ path }) => path === '/_bulk_docs').map(({ body }) => (body as { docs: RecordDocument[] }).docs)
const idsIn = (docs: readonly RecordDocument[] = []) => docs.map(({ _id }) => _id)
const sent = () => bodies(peer).flatMap(idsIn)
const checkpoints = ({ received }: ScriptedServer) =>
  received.filter(({ method, path }) => method === 'PUT' && path.startsWith('/_local'))
const is = (state: string) =>
  until(`it is ${state}`, async () => (await engine.replicator.status()).state === state && engine.replicator.status())

describe('R23: what a waiting patient needs', () => {
  test('goes before a backlog, and once', async () => {
    peer = await startScriptedServer(healthy)
    await engine.write(...backlog(8), observation('a'), observation('b'))
    await engine.start(access())
    await engine.idle()
    expect(idsIn(bodies(peer)[0])).toEqual(['10100000042:Observation:a', '10100000042:Observation:b'])
    expect(sent().sort()).toEqual([...new Set(sent())].sort())
    expect(sent()).toHaveLength(10)
    // Each checkpoint is of what went in its turn, and the last one is of everything.
    const last = checkpoints(peer).at(-1)?.body as { source_last_seq: number }
    expect(last.source_last_seq).toBe(10)
  })

  test('is not sent apart from what goes now anyway: a visit is one request', async () => {
    peer = await startScriptedServer(healthy)
    await engine.start(access())
    await engine.idle()
    await engine.write(observation('a'), location('101', 'room'), observation('b'))
    await engine.idle()
    expect(bodies(peer).map((docs) => docs.length)).toEqual([3])
  })

  test('law 5: goes again where the answer was lost, and counts as waiting until then', async () => {
    let isLost = true
    peer = await startScriptedServer((request) => (request.path === '/_bulk_docs' && isLost ? 'cut' : healthy(request)))
    await engine.write(...backlog(2), observation('a'))
    await engine.start(access())
    const waiting = await is('waiting')
    expect(waiting).toMatchObject({ pendingDocuments: 3, lanes: { urgent: 1, history: 2 }, lastAcknowledgedAt: null })
    isLost = false
    await engine.idle()
    expect(sent().filter((id) => id === '10100000042:Observation:a').length).toBeGreaterThan(1)
    expect((await engine.replicator.status()).lastAcknowledgedAt).not.toBeNull()
  })

  test('law 4: that the hub refuses is on the list, and not sent a second time in its turn', async () => {
    peer = await startScriptedServer((request) => {
      const docs = request.path === '/_bulk_docs' ? (request.body as { docs: RecordDocument[] }).docs : []
      const refused = docs.filter(({ _id }) => _id.includes(':bad'))
      if (refused.length === 0) return healthy(request)
      return { status: 201, body: refused.map(({ _id }) => ({ id: _id, error: 'forbidden', reason: 'No.' })) }
    })
    await engine.write(...backlog(2), observation('bad'), observation('good'))
    await engine.start(access())
    await engine.idle()
    expect(await engine.replicator.refusedPage('', 9)).toMatchObject([
      { id: '10100000042:Observation:bad', attempts: 1 },
    ])
    expect(sent().filter((id) => id.includes(':bad'))).toHaveLength(1)
  })

  test('R1: is left here if it is kept back meanwhile', async () => {
    peer = await startScriptedServer(healthy)
    await engine.write(...backlog(2), observation('a'))
    const { _rev } = await engine.database.get('10100000042:Observation:a')
    await engine.write({ ...observation('a'), localOnly: true, _rev })
    await engine.start(access())
    await engine.idle()
    expect(sent()).toHaveLength(2)
  })

  test('R24: a hub that lost what went ahead gets it again, in its turn', async () => {
    let bulks = 0
    peer = await startScriptedServer((request) =>
      // The urgent one is answered for; the first batch is not, and the checkpoints are compared again.
      request.path === '/_bulk_docs' && ++bulks === 2 ? 'cut' : healthy(request),
    )
    await engine.write(...backlog(2), observation('a'))
    await engine.start(access())
    await engine.idle()
    const order = bodies(peer).map((docs) => idsIn(docs).map((id) => id.split(':')[2]))
    expect(order[0]).toEqual(['a'])
    expect(order.flat().filter((local) => local === 'a')).toHaveLength(2)
    expect(order.at(-1)).toContain('a')
  })
})

describe('R25: the engine rests for its budget', () => {
  test('of hours: what is urgent goes, history at night', async () => {
    peer = await startScriptedServer(pushedTo)
    await engine.write(location('101', 'old'), observation('a'))
    await engine.start(access(), { hours: '22-06' })
    const resting = await is('resting')
    expect(resting).toMatchObject({
      pendingDocuments: 1,
      lanes: { urgent: 0, history: 1 },
      retryAt: new Date(2026, 0, 15, 22).toISOString(),
      reason: expect.stringMatching(/hours/),
      bytesPerSecond: 0,
      estimatedSeconds: null,
    })
    expect(sent()).toEqual(['10100000042:Observation:a'])
    // It goes on resting, and what is written meanwhile goes if it is urgent.
    await engine.write(location('101', 'later'), observation('b'))
    await until('b is there', async () => sent().includes('10100000042:Observation:b'))
    expect(await is('resting')).toMatchObject({ pendingDocuments: 2 })
    expect(peer.received.filter(({ path }) => path === '/_revs_diff')).toHaveLength(1)
    engine.now = () => NIGHT
    engine.replicator.wake()
    await engine.idle()
    expect(sent().sort()).toEqual(
      ['101:Location:later', '101:Location:old', '10100000042:Observation:a', '10100000042:Observation:b'].sort(),
    )
  })

  test('of hours, for everything where it says so', async () => {
    peer = await startScriptedServer(healthy)
    await engine.write(location('101', 'old'), observation('a'))
    await engine.start(access(), { hours: '22-06', urgent: 'limited' })
    expect(await is('resting')).toMatchObject({ pendingDocuments: 2, lanes: { urgent: 1, history: 1 } })
    expect(sent()).toEqual([])
  })

  test('of the hub, from when it is told', async () => {
    peer = await startScriptedServer(healthy)
    await engine.start(access())
    await engine.idle()
    engine.replicator.useBudget({ hours: '22-06' })
    await engine.write(location('101', 'old'))
    await is('resting')
    engine.replicator.useBudget({})
    await engine.idle()
    expect(sent()).toEqual(['101:Location:old'])
  })

  test('of megabytes: the day’s and no more, over restarts, and the rest on the next day', async () => {
    peer = await startScriptedServer(healthy)
    await engine.write(...backlog(8))
    await engine.start(access(), { megabytesPerDay: 1 })
    const resting = await is('resting')
    expect(resting).toMatchObject({
      retryAt: new Date(2026, 0, 16).toISOString(),
      reason: expect.stringMatching(/today/),
    })
    // One document that is larger than what was left goes all the same: it may be larger than a day.
    expect(resting.bytesToday).toBeLessThan(1_300_000)
    expect(resting.bytesToday).toBeGreaterThan(700_000)
    const before = sent().length
    const uploads = peer.received.filter(isUpload).length
    await engine.stop()
    await engine.start(access(), { megabytesPerDay: 1 })
    expect((await is('resting')).bytesToday).toBeGreaterThan(700_000)
    expect(sent()).toHaveLength(before)
    engine.now = () => NEXT_DAY
    engine.replicator.wake()
    await until('it goes on', async () => sent().length > before)
    expect(peer.received.filter(isUpload).length).toBeGreaterThan(uploads)
  })
})

function isUpload({ path }: ReceivedRequest): boolean {
  return path === '/_bulk_docs'
}

describe('R26: the engine keeps to a speed', () => {
  test('and says it, and how long it takes', async () => {
    peer = await startScriptedServer(healthy)
    await engine.write(...backlog(3))
    const startedAt = performance.now()
    await engine.start(access(), { kilobitsPerSecond: 2_000 })
    const sending = await until('it sends', async () => {
      const status = await engine.replicator.status()
      return status.bytesPerSecond > 0 && status.estimatedSeconds !== null && status
    })
    expect(sending.bytesPerSecond).toBeLessThan(400_000)
    expect(sending.pendingBytes).toBeLessThan(1_000_000)
    await engine.idle()
    // 900 kB at 250 kB/s; base64 packs to three quarters.
    expect(performance.now() - startedAt).toBeGreaterThan(2_000)
    const { estimatedSeconds, bytesToday, bytesSent, oldestPendingAt } = await engine.replicator.status()
    expect({ estimatedSeconds, oldestPendingAt }).toEqual({ estimatedSeconds: 0, oldestPendingAt: null })
    expect(bytesToday).toBeGreaterThan(bytesSent)
  })
})
