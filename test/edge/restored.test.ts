import { spawn } from 'node:child_process'
import { cpSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { ROOM } from '../../edge/store/mrn-counter'
import { counterOf } from '../../protocol/mrn'
import { acceptEdge, type RunningEdge, startEdge } from '../support/edge'
import { type RunningHub, startHub } from '../support/hub'
import { until } from '../support/processes'

const PROGRAM = resolve(__dirname, '../../bin/lontar.js')
let hub: RunningHub
let edge: RunningEdge

beforeAll(async () => {
  hub = await startHub()
  edge = await startEdge('101', hub.url)
}, 60_000)
afterAll(async () => {
  await edge?.remove()
  await hub?.remove()
  if (edge) rmSync(`${edge.dataFolder}-backup`, { recursive: true, force: true })
})

const register = () => edge.ask('/fhir/Patient', { method: 'POST', body: { resourceType: 'Patient', active: true } })
async function registered(count: number): Promise<string[]> {
  const mrns: string[] = []
  for (let patient = 0; patient < count; patient++) mrns.push(((await register()).body as { id: string }).id)
  return mrns
}
const told = (counter: number) =>
  until(`the hub was told ${counter}`, async () => {
    const { body } = await hub.couch('/nodes/seen%3Anode-101')
    return (body as { mrnCounter?: number }).mrnCounter === counter
  })

async function statusText(): Promise<string> {
  const child = spawn(process.execPath, [PROGRAM, 'edge', 'status'], { env: { PATH: '', EDGE_URL: edge.url } })
  let out = ''
  child.stdout.on('data', (chunk) => (out += chunk))
  await new Promise((ended) => child.once('close', ended))
  return out
}

test('a backup that is put back without a link registers nobody, says why, and goes on by itself once the hub has answered', async () => {
  const [first = ''] = await registered(3)
  await acceptEdge(hub, edge)
  await edge.stop()
  cpSync(edge.dataFolder, `${edge.dataFolder}-backup`, { recursive: true, preserveTimestamps: true })
  await edge.start()
  expect(await edge.status()).not.toHaveProperty('attention')
  const since = await registered(5)
  await edge.synced()
  await edge.stop()
  await edge.start()
  await told(8)
  await edge.kill()
  await hub.stop()

  rmSync(edge.dataFolder, { recursive: true })
  cpSync(`${edge.dataFolder}-backup`, edge.dataFolder, { recursive: true, preserveTimestamps: true })
  await edge.start()
  for (const restart of [false, true]) {
    if (restart) {
      await edge.kill()
      await edge.start()
    }
    const refused = await register()
    expect(refused).toMatchObject({
      status: 503,
      body: { resourceType: 'OperationOutcome', issue: [{ details: { coding: [{ code: 'MRN_UNCERTAIN' }] } }] },
    })
    expect((await edge.status()).attention).toEqual([expect.stringContaining('come from a copy')])
  }
  expect(await statusText()).toMatch(/^attention {5}The data of this edge come from a copy/m)
  const patient = { resourceType: 'Patient', id: first, active: false }
  expect((await edge.ask(`/fhir/Patient/${first}`, { method: 'PUT', body: patient })).status).toBe(200)

  await hub.start()
  await until('nothing is uncertain any more', async () => (await edge.status()).attention === undefined)
  const [next = ''] = await registered(1)
  expect(since).not.toContain(next)
  expect(counterOf('101', next)).toBe(8 + ROOM + 1)
  await told(8 + ROOM)
}, 120_000)

test('many that the hub was not told of are told at once', async () => {
  const entry = Array.from({ length: 600 }, (_, number) => ({
    resource: { resourceType: 'Patient', id: `p${number}`, name: [{ family: `F${number}` }] },
  }))
  const { status } = await edge.ask('/load', {
    method: 'POST',
    body: { resourceType: 'Bundle', type: 'collection', entry },
  })
  expect(status).toBe(200)
  await told(8 + ROOM + 1 + 600)
}, 60_000)
