import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { VerifyStatus } from '../../schemas/generated/types'
import { askJson, basic } from '../support/ask'
import { patientBundles } from '../support/bundles'
import { documentsOfHub } from '../support/compare'
import { acceptEdge, type RunningEdge, startEdge } from '../support/edge'
import { type RunningHub, startHub } from '../support/hub'

const CHECKPOINT = '/ehr/_local/node-101%3Alontar-push'

let hub: RunningHub
let edge: RunningEdge

beforeAll(async () => {
  hub = await startHub()
  edge = await startEdge('101', hub.url)
  for (const bundle of patientBundles(3)) {
    expect((await edge.ask('/load', { method: 'POST', body: bundle })).status).toBe(200)
  }
  await acceptEdge(hub, edge)
  await edge.synced()
}, 120_000)
afterAll(async () => {
  await edge?.remove()
  await hub?.remove()
})

function verify(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [resolve(__dirname, '../../bin/lontar.js'), 'edge', 'verify', ...args], {
    env: { PATH: process.env['PATH'] ?? '', EDGE_URL: edge.url },
  })
  const ended = { out: '', err: '' }
  child.stdout.on('data', (chunk) => {
    ended.out += chunk
  })
  child.stderr.on('data', (chunk) => {
    ended.err += chunk
  })
  return new Promise((resolve) => child.once('close', (code) => resolve({ ...ended, code })))
}

/** The hub forgets documents, and not that it has acknowledged them: no checkpoint can tell. */
async function loseAtHub(ids: readonly string[]): Promise<void> {
  const documents = [...(await documentsOfHub(hub)).entries()].filter(([id]) => !ids.includes(id))
  const { _rev: _old, ...checkpoint } = (await hub.couch(CHECKPOINT)).body as { _rev: string }
  expect((await hub.couch('/ehr', { method: 'DELETE' })).status).toBe(200)
  await hub.stop()
  await hub.start()
  const kept = JSON.parse(await readFile(join(edge.dataFolder, 'credentials.json'), 'utf8'))
  const { nodeName, syncPassword } = kept.credentials
  const docs = documents.map(([, document]) => {
    const { _rev } = document as { _rev: string }
    const [start = '', id = ''] = _rev.split('-')
    return { ...(document as object), _revisions: { start: Number(start), ids: [id] } }
  })
  const pushed = await askJson(`${hub.url}/sync/ehr/_bulk_docs`, basic(nodeName, syncPassword), {
    method: 'POST',
    body: { new_edits: false, docs },
  })
  expect(pushed).toMatchObject({ status: 201, body: [] })
  expect((await hub.couch(CHECKPOINT, { method: 'PUT', body: checkpoint })).status).toBe(201)
}

test('lontar edge verify: proves that all is there, sends again what is lost, and says what is not as it was', async () => {
  const atHub = await documentsOfHub(hub)
  const { code, out, err } = await verify()
  expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining(`The hub has all ${atHub.size} documents.`) })
  expect(out).toMatch(/Receipt of \S+: all \d+ documents up to sequence \d+\n.*\n {2}signature \S{86}/)
  expect(err).not.toBe('')

  const lost = [...atHub.keys()].slice(3, 6)
  await loseAtHub(lost)
  const again = JSON.parse((await verify('--json')).out) as VerifyStatus
  expect(again.last).toMatchObject({ outcome: 'agrees', sentAgain: { count: 3, ids: [...lost].sort() } })
  expect([...(await documentsOfHub(hub)).keys()]).toEqual([...atHub.keys()])
  const { receipt } = again
  expect((await hub.operator('/operator/nodes/node-101/receipt')).body).toEqual(receipt)

  const [id = '', document] = [...atHub][0] ?? []
  const changed = { ...(document as object), recordedAt: '2026-02-02T00:00:00.000Z' }
  expect((await hub.couch(`/ehr/${encodeURIComponent(id)}`, { method: 'PUT', body: changed })).status).toBe(201)
  const third = await verify()
  expect(third.code).toBe(1)
  expect(third.out).toContain(`1 changed at the hub by somebody else:\n  ${id}`)
  expect((await edge.ask('/verify')).body).toMatchObject({ last: { outcome: 'differs' }, receipt })
}, 120_000)
