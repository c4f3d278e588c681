import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { KeptRegistration, NodeDetail, NodeReport, RefusedList } from '../../schemas/generated/types'
import { type ChangedHub, startChangedHub } from '../support/changed-hub'
import { acceptEdge, type RunningEdge, startEdge } from '../support/edge'
import { type RunningHub, startHub } from '../support/hub'
import { until } from '../support/processes'

const MINUTES = 60_000
const PATIENCE_MS = 2 * MINUTES
const NODE = '/operator/nodes/node-701'
let hub: RunningHub
let between: ChangedHub
let edge: RunningEdge

beforeAll(async () => {
  hub = await startHub()
  between = await startChangedHub(hub.url)
  edge = await startEdge('701', between.url)
  await acceptEdge(hub, edge)
}, 2 * MINUTES)
afterAll(async () => {
  await edge?.remove()
  await between?.stop()
  await hub?.remove()
})

const detail = async () => (await hub.operator(NODE)).body as NodeDetail
const reported = (what: string, isSo: (report: NodeReport) => boolean) =>
  until(what, async () => (({ report }) => report !== undefined && isSo(report) && report)(await detail()), PATIENCE_MS)
/** An edge asks for its configuration when it starts; else some minutes later. */
async function restart(): Promise<void> {
  await edge.stop()
  await edge.start()
}
async function decide(path: string, body: object = {}, method = 'POST'): Promise<void> {
  expect(await hub.operator(`${NODE}/${path}`, { method, body })).toMatchObject({ status: 200 })
}
const created = async (type: string, body: object) => {
  const answer = await edge.ask(`/fhir/${type}`, { method: 'POST', body: { resourceType: type, ...body } })
  expect(answer.status).toBe(201)
}

test(
  'a report of a real edge arrives with its questions, and says how it fares',
  async () => {
    const first = await reported('the report is there', () => true)
    expect(first).toMatchObject({ version: expect.any(String), backlogDocuments: 0, refusedDocuments: 0 })
    expect(first.freeDiskBytes).toBeGreaterThan(0)
    expect(first).not.toHaveProperty('oldestUnsentAt')
    const next = await reported('it knows the clock of the hub', ({ clockOffsetMs }) => clockOffsetMs !== undefined)
    expect(Math.abs(next.clockOffsetMs ?? MINUTES)).toBeLessThan(MINUTES)
    const { body } = await hub.operator(`${NODE}/series`)
    expect((body as { series: unknown[] }).series.length).toBeGreaterThan(0)
  },
  5 * MINUTES,
)

test(
  'lanes of the operator arrive at the edge and act, and the way back does too',
  async () => {
    await decide('configuration', { sync: { budget: { hours: anotherHour() }, lanes: { urgent: [] } } }, 'PUT')
    await restart()
    await created('Patient', { name: [{ family: 'Siwabessy' }] })
    await until(
      'a patient of today is history now, and rests',
      async () => {
        const { sync } = await edge.status()
        return sync.state === 'resting' && sync.lanes.urgent === 0 && sync.lanes.history === 1
      },
      PATIENCE_MS,
    )
    await restart()
    await reported('the hub knows what waits', ({ backlogDocuments, oldestUnsentAt }) => {
      return backlogDocuments === 1 && oldestUnsentAt !== undefined
    })
    await decide('configurations/1/restore')
    expect((await detail()).configuration).toMatchObject({ by: 'operator', note: 'As version 1.', sync: {} })
    await restart()
    await edge.synced()
  },
  6 * MINUTES,
)

test(
  'what was refused is sent again, and off both lists, when the cause is gone and the operator has it sent once more',
  async () => {
    const rule = "function (doc) { if (doc.type === 'Location') throw({ forbidden: 'No locations today.' }) }"
    const path = '/ehr/_design/no-locations'
    const made = await hub.couch(path, { method: 'PUT', body: { language: 'javascript', validate_doc_update: rule } })
    expect(made.status).toBe(201)
    await created('Location', { name: 'Room 1' })
    const refused = async () => ((await edge.ask('/refused')).body as RefusedList).refused.length
    await until('it is refused', async () => (await refused()) === 1, PATIENCE_MS)
    expect((await detail()).refusedDocuments).toBe(1)
    const { rev } = made.body as { rev: string }
    expect((await hub.couch(`${path}?rev=${rev}`, { method: 'DELETE' })).status).toBe(200)
    await decide('refused/retry')
    // Nothing but this question brings it about: no restart, which would send it again by itself.
    between.changeRules(await rulesKept())
    await created('Patient', { name: [{ family: 'Tahapary' }] })
    await until('the edge has sent it again', async () => (await refused()) === 0, PATIENCE_MS)
    await until('the hub knows of none', async () => (await detail()).refusedDocuments === 0, PATIENCE_MS)
  },
  6 * MINUTES,
)

/** The rules as the edge has them: with these, what stands in between changes nothing, and has the edge ask at once. */
async function rulesKept(): Promise<string> {
  const kept = JSON.parse(await readFile(join(edge.dataFolder, 'credentials.json'), 'utf8')) as KeptRegistration
  return kept.configuration?.sync.rules ?? ''
}

/** An hour that does not begin soon, and not now. */
function anotherHour(): string {
  const from = (new Date().getHours() + 2) % 24
  return `${String(from).padStart(2, '0')}-${String(from + 1).padStart(2, '0')}`
}
