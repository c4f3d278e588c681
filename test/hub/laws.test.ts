import { request } from 'undici'
import { newNonce, signImport } from '../../protocol/import-signature'
import { mrnOf } from '../../protocol/mrn'
import type { NodeConfiguration } from '../../schemas/generated/types'
import { askJson, basic } from '../support/ask'
import { startCouch, type TestCouch } from '../support/couch'
import { type NodeAccount, registerNode } from '../support/node'
import { type Running, startProgram, temporaryFolder } from '../support/processes'
import { firstRevision } from '../support/records'

/** Laws that only whole gateways can show: two of them, as processes, on one store. */
const OPERATOR_PASSWORD = 'operator-password-of-the-tests'
const SECRET_KEY = Buffer.alloc(32, 7).toString('base64url')
const MRN = mrnOf('101', 42)
const NAME = 'Siti Rahmawati'

let store: TestCouch
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let gateways: [Running, Running]
let node: NodeAccount
let nodePassword = ''

const operator =
  (gateway: Running) =>
  (path: string, options: Parameters<typeof askJson>[2] = {}) =>
    askJson(`${gateway.url}${path}`, basic('operator', OPERATOR_PASSWORD), options)
const asNode = (gateway: Running, path: string, options: Parameters<typeof askJson>[2] = {}) =>
  askJson(`${gateway.url}${path}`, basic(node.nodeName, node.syncPassword), options)
const push = (gateway: Running, ...docs: object[]) =>
  asNode(gateway, '/sync/ehr/_bulk_docs', { method: 'POST', body: { new_edits: false, docs } })

async function importSigned(gateway: Running, nonce: string) {
  const url = new URL(`${gateway.url}/fhir/Patient/${MRN}/$everything`)
  const signer = { nodeName: node.nodeName, nodePassword }
  const headers = await signImport({ method: 'GET', url, purpose: 'TREAT' }, signer, { now: new Date(), nonce })
  const answer = await request(url, { headers })
  return { status: answer.statusCode, text: await answer.body.text() }
}

beforeAll(async () => {
  store = await startCouch()
  folder = await temporaryFolder()
  const start = (name: string) =>
    startProgram(
      ['hub'],
      {
        HUB_DATA: `${folder.path}/${name}`,
        COUCHDB_URL: store.url,
        HUB_OPERATOR_PASSWORD: OPERATOR_PASSWORD,
        HUB_SECRET_KEY: SECRET_KEY,
        HUB_LOG_LEVEL: 'trace',
      },
      'HUB_PORT',
      `${folder.path}/${name}`,
    )
  gateways = await Promise.all([start('one'), start('two')])
  node = await registerNode({ url: gateways[0].url, operator: operator(gateways[1]) }, '101')
  await asNode(gateways[1], '/node/data-access', { method: 'POST', body: {} })
  await operator(gateways[0])('/operator/nodes/node-101/data-access/accept', { method: 'POST', body: {} })
  const { body } = await asNode(gateways[1], '/node/configuration')
  nodePassword = (body as NodeConfiguration).dataAccess.nodePassword ?? ''
  const resource = { resourceType: 'Patient', id: MRN, name: [{ text: NAME }] }
  const envelope = { type: 'Patient', mrn: MRN, facility: '101', recordedAt: '2026-01-15T00:00:00.000Z' }
  const patient = firstRevision({ _id: `${MRN}:Patient`, ...envelope, resource }, 'a'.repeat(32))
  expect(await push(gateways[0], patient)).toMatchObject({ status: 201, body: [] })
}, 60_000)
afterAll(async () => {
  for (const gateway of gateways ?? []) await gateway.kill()
  await store?.stop()
  await folder?.remove()
})

test('law 8: no database of the hub holds a secret in clear text', async () => {
  const admin = basic(store.address.username, store.address.password.reveal())
  const databases = ['nodes', 'node_security', 'audit', '_users', 'ehr']
  const dump = await Promise.all(
    databases.map((name) => askJson(`${store.address.url}/${name}/_all_docs?include_docs=true`, admin)),
  )
  expect(dump.map(({ status }) => status)).toEqual(databases.map(() => 200))
  const text = JSON.stringify(dump.map(({ body }) => body))
  expect(text).toContain('"nodePasswordSealed":"v1.')
  expect(nodePassword).toHaveLength(43)
  for (const secret of [node.syncPassword, nodePassword, node.claim, OPERATOR_PASSWORD, SECRET_KEY]) {
    expect(text).not.toContain(secret)
  }
})

test('laws 6 and 9: a nonce that one gateway has answered is a replay at the other', async () => {
  const nonce = newNonce()
  const first = await importSigned(gateways[0], nonce)
  expect([first.status, first.text.includes(NAME)]).toEqual([200, true])
  const second = await importSigned(gateways[1], nonce)
  expect([second.status, second.text.includes(NAME)]).toEqual([409, false])
})

test('law 10: no patient in the logs, the errors or the refusals, whatever is asked', async () => {
  const bad = { _id: `${MRN}:Patient`, _rev: `1-${'b'.repeat(32)}`, type: 'Patient', name: NAME }
  const answers = [
    await push(gateways[0], bad, { ...bad, _id: `${MRN}:Observation` }, { ...bad, _strange: NAME }),
    await push(gateways[0], { ...bad, _attachments: { [NAME]: { content_type: 'a/b', data: '***' } } }),
    await askJson(`${gateways[0].url}/fhir/Patient/${MRN}`, undefined),
    await askJson(`${gateways[0].url}/fhir/Patient/${MRN}/$everything?name=${encodeURIComponent(NAME)}`, undefined),
    await askJson(`${gateways[0].url}/%fhir/${MRN}`, undefined),
    await asNode(gateways[0], `/sync/ehr/${MRN}:Patient`),
    await asNode(gateways[0], '/sync/ehr/_bulk_docs', { method: 'POST', body: { [NAME]: MRN } }),
  ]
  await importSigned(gateways[0], newNonce())
  for (const { status, body } of answers) {
    const said = Array.isArray(body) ? body.map(({ reason }) => reason) : body
    expect([status, JSON.stringify(said)]).toEqual([expect.any(Number), expect.not.stringMatching(/Siti|101000/)])
  }
  const logs = gateways.map((gateway) => gateway.output()).join('')
  expect(logs).toContain('/fhir/Patient/***')
  expect(logs).not.toMatch(new RegExp(`${NAME}|Siti|${MRN}`))
})

test('law 9: when a gateway dies, another goes on from the same checkpoint', async () => {
  const [first, second] = gateways
  const idAt = async (gateway: Running) => (await askJson(`${gateway.url}/`, undefined)).body as { uuid: string }
  const { uuid } = await idAt(first)
  await asNode(first, '/sync/ehr/_local/cp', { method: 'PUT', body: { last_seq: 7 } })
  await first.kill()
  expect(await idAt(second)).toMatchObject({ uuid })
  expect(await asNode(second, '/sync/ehr/_local/cp')).toMatchObject({ status: 200, body: { last_seq: 7 } })
  const missing = { [`${MRN}:Patient`]: [`1-${'a'.repeat(32)}`] }
  expect((await asNode(second, '/sync/ehr/_revs_diff', { method: 'POST', body: missing })).body).toEqual({})
})
