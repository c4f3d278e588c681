import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { EhrStore } from '../../edge/store/ehr'
import type { EdgeStatus } from '../../schemas/generated/types'
import { type ChangedHub, startChangedHub } from '../support/changed-hub'
import { acceptEdge, type RunningEdge, startEdge } from '../support/edge'
import { type RunningHub, startHub } from '../support/hub'
import { until } from '../support/processes'
import { location } from '../support/records'

const MINUTES = 60_000
/** On a machine that is at other work, each wait of the engine comes later. */
const PATIENCE_MS = 2 * MINUTES
let hub: RunningHub
let before: ChangedHub
let edge: RunningEdge

beforeAll(async () => {
  hub = await startHub()
  before = await startChangedHub(hub.url)
  edge = await startEdge('101', before.url)
  await acceptEdge(hub, edge)
  await edge.synced()
}, 2 * MINUTES)

afterAll(async () => {
  await edge?.remove()
  await before?.stop()
  await hub?.remove()
})

const setBudget = (body: unknown) => hub.operator('/operator/nodes/node-101/budget', { method: 'PUT', body })
const created = async (type: string, body: object) => {
  const answer = await edge.ask(`/fhir/${type}`, { method: 'POST', body: { resourceType: type, ...body } })
  expect(answer.status).toBe(201)
  return (answer.body as { id: string }).id
}
const isAtHub = async (id: string) => (await hub.couch(`/ehr/${encodeURIComponent(id)}`)).status === 200

/** An hour that does not begin soon, and not now. */
function anotherHour(): string {
  const from = (new Date().getHours() + 2) % 24
  return `${String(from).padStart(2, '0')}-${String(from + 1).padStart(2, '0')}`
}

/** The first line of `lontar edge status --watch --json` that is as asked. */
async function watched(is: (status: EdgeStatus) => boolean): Promise<EdgeStatus> {
  const program = resolve(__dirname, '../../bin/lontar.js')
  const env = { PATH: process.env['PATH'] ?? '', EDGE_URL: edge.url }
  const child = spawn(process.execPath, [program, 'edge', 'status', '--watch', '--json'], { env })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  const lines = () => output.split('\n').slice(0, -1)
  const shown = async () =>
    lines()
      .map((line) => JSON.parse(line) as EdgeStatus)
      .find(is)
  const found = await until('the command shows it', shown, PATIENCE_MS)
  child.kill()
  return found
}

test(
  'R25: a budget of the operator makes history rest, while a patient’s records of today arrive, and is taken away again',
  async () => {
    expect((await setBudget({ hours: anotherHour() })).status).toBe(200)
    await edge.stop()
    await edge.start()
    const mrn = await created('Patient', { name: [{ family: 'Siwabessy' }] })
    const room = await created('Location', { name: 'Room 1' })
    const resting = await watched(({ sync }) => sync.state === 'resting' && sync.lanes.urgent === 0)
    expect(resting.sync).toMatchObject({
      pendingDocuments: 1,
      lanes: { urgent: 0, history: 1 },
      reason: expect.any(String),
    })
    expect(Date.parse(resting.sync.retryAt ?? '')).toBeGreaterThan(Date.now())
    expect(await isAtHub(`${mrn}:Patient`)).toBe(true)
    const local = room.slice('101.'.length)
    expect(await isAtHub(`101:Location:${local}`)).toBe(false)

    await setBudget({})
    await edge.stop()
    await edge.start()
    const { sync } = await edge.synced()
    expect(sync.bytesToday).toBeGreaterThan(1_000)
    expect(await isAtHub(`101:Location:${local}`)).toBe(true)
  },
  6 * MINUTES,
)

test(
  'R14: what the hub refused is sent again when its rules are others',
  async () => {
    await edge.stop()
    const store = await EhrStore.open(edge.dataFolder)
    // As an edge of another release might have written it.
    const bad = { ...location('101', 'bad'), facility: '102' }
    await store.write(async () => [{ id: bad._id, document: bad, expectedRev: undefined }])
    await store.stop()
    await edge.start()
    const attempts = async () =>
      ((await edge.ask('/refused')).body as { refused: { attempts: number }[] }).refused[0]?.attempts ?? 0
    await until('it is refused', async () => (await attempts()) > 0, PATIENCE_MS)
    await edge.synced()
    const first = await attempts()
    before.changeRules('others')
    await created('Patient', { name: [{ family: 'Siwabessy' }] })
    await until('it is tried again', async () => (await attempts()) > first, PATIENCE_MS)
    await edge.synced()
  },
  6 * MINUTES,
)
