import { newNonce, signImport } from '../../../protocol/import-signature'
import { mrnOf } from '../../../protocol/mrn'
import type { AuditList, NodeConfiguration, NodeList } from '../../../schemas/generated/types'
import { askJson, basic } from '../../support/ask'
import { lontar } from '../../support/command'
import { startCouch, type TestCouch } from '../../support/couch'
import { type FaultyGate, type GateFault, startFaultyGate } from '../../support/faulty-gate'
import { type NodeAccount, registerNode } from '../../support/node'
import { type Running, startProgram, temporaryFolder } from '../../support/processes'
import { firstRevision } from '../../support/records'

/** Law 6 at a gateway that runs as a process, whose way to the database `audit` fails. */
const OPERATOR_PASSWORD = 'operator-password-of-the-tests'
const MRN = mrnOf('101', 42)
const NAME = 'Siti Rahmawati'

let store: TestCouch
let gate: FaultyGate
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let hub: Running
let node: NodeAccount
let nodePassword = ''

const operator = (path: string, options: Parameters<typeof askJson>[2] = {}) =>
  askJson(`${hub.url}${path}`, basic('operator', OPERATOR_PASSWORD), options)
const couch = (path: string, options: Parameters<typeof askJson>[2] = {}) =>
  askJson(`${store.address.url}${path}`, basic(store.address.username, store.address.password.reveal()), options)

beforeAll(async () => {
  store = await startCouch()
  gate = await startFaultyGate(store.address.url)
  gate.path = '/audit/_bulk_docs'
  folder = await temporaryFolder()
  const { username, password } = store.address
  const env = {
    HUB_DATA: folder.path,
    COUCHDB_URL: gate.url.replace('://', `://${username}:${password.reveal()}@`),
    HUB_OPERATOR_PASSWORD: OPERATOR_PASSWORD,
    HUB_SECRET_KEY: Buffer.alloc(32, 7).toString('base64url'),
    HUB_LOG_LEVEL: 'warn',
  }
  hub = await startProgram(['hub'], env, 'HUB_PORT', folder.path)
  node = await registerNode({ url: hub.url, operator }, '101')
  const asNode = (path: string, options: Parameters<typeof askJson>[2] = {}) =>
    askJson(`${hub.url}${path}`, basic(node.nodeName, node.syncPassword), options)
  await asNode('/node/data-access', { method: 'POST', body: {} })
  await operator('/operator/nodes/node-101/data-access/accept', { method: 'POST', body: {} })
  nodePassword = ((await asNode('/node/configuration')).body as NodeConfiguration).dataAccess.nodePassword ?? ''
  const resource = { resourceType: 'Patient', id: MRN, name: [{ text: NAME }] }
  const envelope = { type: 'Patient', mrn: MRN, facility: '101', recordedAt: '2026-01-15T00:00:00.000Z' }
  const patient = firstRevision({ _id: `${MRN}:Patient`, ...envelope, resource }, 'a'.repeat(32))
  const body = { new_edits: false, docs: [patient] }
  expect((await asNode('/sync/ehr/_bulk_docs', { method: 'POST', body })).body).toEqual([])
}, 60_000)
afterAll(async () => {
  await hub?.kill()
  await gate?.stop()
  await store?.stop()
  await folder?.remove()
})

async function importSigned(nonce = newNonce()) {
  const url = new URL(`${hub.url}/fhir/Patient/${MRN}/$everything`)
  const signer = { nodeName: node.nodeName, nodePassword }
  const headers = await signImport({ method: 'GET', url, purpose: 'TREAT' }, signer, { now: new Date(), nonce })
  const answer = await fetch(url, { headers: { ...headers } })
  return { status: answer.status, text: await answer.text() }
}

const stateOf = async () => ((await operator('/operator/nodes')).body as NodeList).nodes[0]?.state
const suspend = () => operator('/operator/nodes/node-101/suspend', { method: 'POST', body: { reason: 'Stolen.' } })

async function nothingIsDone(): Promise<void> {
  const { status, text } = await importSigned()
  expect([status, text.includes(NAME), text.includes('DATABASE_UNAVAILABLE')]).toEqual([503, false, true])
  const decision = await suspend()
  expect(decision).toMatchObject({ status: 503, body: { error: 'DATABASE_UNAVAILABLE' } })
  expect(await stateOf()).toBe('active')
  const session = { method: 'POST', body: { name: 'operator', password: OPERATOR_PASSWORD } }
  expect((await askJson(`${hub.url}/operator/session`, undefined, session)).status).toBe(503)
  for (const path of [`records/${MRN}`, 'refused', 'statistics/visits']) {
    const look = await operator(`/operator/${path}`, { headers: { 'purpose-of-use': 'TREAT' } })
    expect([path, look]).toEqual([
      path,
      expect.objectContaining({ status: 503, body: expect.objectContaining({ error: 'DATABASE_UNAVAILABLE' }) }),
    ])
  }
}

async function allIsWell(): Promise<void> {
  const { status, text } = await importSigned()
  expect([status, text.includes(NAME)]).toEqual([200, true])
}

const FAULTS: readonly [string, GateFault][] = [
  ['full', { kind: 'answers', status: 507, body: { error: 'insufficient_storage', reason: 'disk_full' } }],
  ['broken', { kind: 'answers', status: 500, body: { error: 'internal_server_error', reason: 'eio' } }],
  ['in maintenance', { kind: 'answers', status: 503, body: { error: 'service_unavailable', reason: 'x' } }],
  ['behind a page of a proxy', { kind: 'answers', status: 502, body: '<html>Bad gateway</html>' }],
  ['taking entries without saying so', { kind: 'cuts-answer' }],
  ['answering what nobody asked', { kind: 'answers', status: 201, body: [{ ok: true, id: 'other', rev: '1-a' }] }],
  ['answering with nothing', { kind: 'answers', status: 201, body: [] }],
]

test.each(FAULTS)(
  'an audit that is %s: no record, no decision, no session; and all again afterwards',
  async (_what, fault) => {
    await allIsWell()
    gate.fault = fault
    await nothingIsDone()
    gate.fault = undefined
    await allIsWell()
  },
)

test('an audit that is read-only', async () => {
  const closed = 'function () { throw { forbidden: "closed for maintenance" } }'
  const put = await couch('/audit/_design/closed', { method: 'PUT', body: { validate_doc_update: closed } })
  expect(put.status).toBe(201)
  await nothingIsDone()
  const { rev } = put.body as { rev: string }
  expect((await couch(`/audit/_design/closed?rev=${rev}`, { method: 'DELETE' })).status).toBe(200)
  await allIsWell()
})

test('a nonce whose entry arrived though its answer was lost is used up', async () => {
  const nonce = newNonce()
  gate.fault = { kind: 'cuts-answer' }
  expect((await importSigned(nonce)).status).toBe(503)
  gate.fault = undefined
  const again = await importSigned(nonce)
  expect([again.status, again.text.includes(NAME)]).toEqual([409, false])
})

test('through all of this the chains are whole, and each record that was released has its entry', async () => {
  const { body } = await operator('/operator/audit?kind=import&outcome=allowed&limit=1000')
  const released = (body as AuditList).entries.filter(({ mrn }) => mrn === MRN)
  expect(released.length).toBeGreaterThanOrEqual(FAULTS.length * 2 + 1)
  const env = { HUB_URL: hub.url, HUB_OPERATOR_PASSWORD: OPERATOR_PASSWORD }
  const verify = await lontar(['hub', 'audit', 'verify'], env)
  expect(verify).toMatchObject({ out: expect.stringMatching(/^The audit is whole: /), code: 0 })
})

test('an audit that is gone', async () => {
  expect((await couch('/audit', { method: 'DELETE' })).status).toBe(200)
  await nothingIsDone()
})
