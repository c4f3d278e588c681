import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import type { EdgeStatus } from '../../schemas/generated/types'
import { patientBundles } from '../support/bundles'
import { acceptEdge, type RunningEdge, startEdge } from '../support/edge'
import { type RunningHub, startHub } from '../support/hub'
import { until } from '../support/processes'

let hub: RunningHub
let edge: RunningEdge

beforeAll(async () => {
  hub = await startHub()
  edge = await startEdge('101', hub.url)
  await acceptEdge(hub, edge)
}, 120_000)
afterAll(async () => {
  await edge?.remove()
  await hub?.remove()
})

async function statusCommand(): Promise<string> {
  const child = spawn(process.execPath, [resolve(__dirname, '../../bin/lontar.js'), 'edge', 'status'], {
    env: { PATH: process.env['PATH'] ?? '', EDGE_URL: edge.url },
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  await new Promise((ended) => child.once('exit', ended))
  return output
}

/** The first status of the stream that is as it is waited for. */
async function fromStream(is: (status: EdgeStatus) => boolean): Promise<EdgeStatus> {
  const response = await fetch(`${edge.url}/status/stream`, { signal: AbortSignal.timeout(60_000) })
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString()
    for (const [, data = ''] of text.matchAll(/^data: (.*)$/gm)) {
      const status = JSON.parse(data) as EdgeStatus
      if (is(status)) return status
    }
  }
  throw new Error('the stream has ended')
}

const act = (what: string, body: object = {}) =>
  hub.operator(`/operator/nodes/node-101/${what}`, { method: 'POST', body })

test('a suspended edge says so, why, and what to do, keeps its records, and notices within a minute that it is resumed', async () => {
  const [before, during] = patientBundles(2)
  await edge.ask('/load', { method: 'POST', body: before })
  await edge.synced()
  expect((await edge.status()).attention).toBeUndefined()
  await act('suspend', { reason: 'The computer was reported stolen.' })
  await edge.ask('/load', { method: 'POST', body: during })

  const status = await fromStream(({ registration }) => registration.status === 'suspended')
  const said =
    /suspended this facility\. The reason given: The computer was reported stolen\..*records are kept here.*Call the ministry/
  expect(status.registration.reason).toBe('The computer was reported stolen.')
  expect(status.attention).toEqual([expect.stringMatching(said)])
  expect((await edge.status()).attention).toEqual(status.attention)
  expect(await statusCommand()).toMatch(said)
  const { pendingDocuments, refusedDocuments } = (await edge.status()).sync
  expect([pendingDocuments > 0, refusedDocuments]).toEqual([true, 0])
  // It says so after a restart too, without a question to the hub.
  await edge.kill()
  await edge.start()
  expect((await edge.status()).attention).toEqual(status.attention)

  await act('resume')
  await until('it is resumed', async () => (await edge.status()).registration.status === 'accepted')
  const after = await edge.synced()
  expect(after.attention).toBeUndefined()
  expect(after.sync.refusedDocuments).toBe(0)
}, 240_000)
