import { request } from 'undici'
import { HubMetrics } from '../../../hub/metrics/hub-metrics'
import { ERROR_CODES } from '../../../protocol/error-codes'
import { newNonce, signImport } from '../../../protocol/import-signature'
import { mrnOf } from '../../../protocol/mrn'
import type { NodeConfiguration } from '../../../schemas/generated/types'
import { askJson, basic } from '../../support/ask'
import { type RunningHub, startHub } from '../../support/hub'
import { type NodeAccount, registerNode } from '../../support/node'
import { firstRevision, location } from '../../support/records'

const TOKEN = 'token-of-the-metrics'
let hub: RunningHub
let node: NodeAccount

beforeAll(async () => {
  hub = await startHub({ HUB_METRICS_TOKEN: TOKEN, HUB_RATE_NODE: '8' })
  node = await registerNode(hub, '101')
}, 60_000)
afterAll(() => hub?.remove())

const readPage = (authorization?: string) =>
  request(`${hub.url}/metrics`, { headers: authorization ? { authorization } : {} })
const page = async () => (await readPage(`Bearer ${TOKEN}`)).body.text()

/** What the counters went up by; those that did not are left out. */
async function risenBy(deed: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = countersIn(await page())
  await deed()
  const after = countersIn(await page())
  return Object.fromEntries(
    [...after]
      .map(([name, value]) => [name, value - (before.get(name) ?? 0)] as const)
      .filter(([, more]) => more !== 0),
  )
}

function countersIn(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line.startsWith('lontar_'))
  return new Map(
    lines.map((line) => {
      const [name = '', value = ''] = line.split(/ (?=[^ ]*$)/)
      return [name, Number(value)]
    }),
  )
}

const asNode = (path: string, body?: unknown) =>
  askJson(`${hub.url}${path}`, basic(node.nodeName, node.syncPassword), {
    ...(body !== undefined && { method: 'POST', body }),
  })

test.each([
  ['nobody', undefined],
  ['a wrong token', 'Bearer another-token-of-that-kind'],
  ['half a token', `Bearer ${TOKEN.slice(0, 10)}`],
  ['the token as a password', basic('metrics', TOKEN)],
  ['an operator', basic('operator', 'operator-password-of-the-tests')],
])('%s reads nothing', async (_who, authorization) => {
  const { statusCode, headers, body } = await readPage(authorization)
  expect([statusCode, headers['www-authenticate']]).toEqual([401, 'Bearer realm="lontar"'])
  expect(await body.text()).not.toContain('lontar_')
})

test('without a token in the settings there is no such page', async () => {
  // Beside the other one, so that its database is not emptied.
  const couchdbUrl = process.env['COUCHDB_URL']
  const bare = await startHub(couchdbUrl ? { COUCHDB_URL: couchdbUrl } : {})
  try {
    for (const authorization of [undefined, 'Bearer undefined', 'Bearer ', `Bearer ${TOKEN}`]) {
      expect(await askJson(`${bare.url}/metrics`, authorization)).toMatchObject({
        status: 404,
        body: { error: 'NOT_FOUND' },
      })
    }
  } finally {
    await bare.remove()
  }
})

test('counts registrations and what is decided about them', async () => {
  const risen = await risenBy(() => registerNode(hub, '102'))
  expect(risen).toEqual({
    'lontar_registrations_total{outcome="requested"}': 1,
    'lontar_registrations_total{outcome="accepted"}': 1,
  })
})

test('counts a push, and its documents by what became of them', async () => {
  const own = firstRevision(location('101', 'ward'), '1'.repeat(32))
  const foreign = firstRevision(location('102', 'ward'), '2'.repeat(32))
  const risen = await risenBy(() => asNode('/sync/ehr/_bulk_docs', { new_edits: false, docs: [own, foreign] }))
  expect(risen).toEqual({
    lontar_pushes_total: 1,
    'lontar_documents_total{outcome="accepted"}': 1,
    'lontar_documents_total{outcome="refused"}': 1,
  })
})

test('counts imports by their answer', async () => {
  const url = new URL(`${hub.url}/fhir/Patient/${mrnOf('101', 7)}/$everything`)
  await asNode('/node/data-access', {})
  await hub.operator('/operator/nodes/node-101/data-access/accept', { method: 'POST', body: {} })
  const { dataAccess } = (await asNode('/node/configuration')).body as NodeConfiguration
  const signer = { nodeName: node.nodeName, nodePassword: dataAccess.nodePassword ?? '' }
  const patient = { _id: `${mrnOf('101', 7)}:Patient`, type: 'Patient', mrn: mrnOf('101', 7), facility: '101' }
  const resource = { resourceType: 'Patient', id: mrnOf('101', 7) }
  const record = { ...patient, recordedAt: '2026-01-15T00:00:00.000Z', resource }
  const ask = async () => {
    const at = { now: new Date(), nonce: newNonce() }
    const { body } = await request(url, {
      headers: await signImport({ method: 'GET', url, purpose: 'TREAT' }, signer, at),
    })
    await body.dump()
  }
  const risen = await risenBy(async () => {
    await askJson(url.href, undefined)
    await ask()
    await asNode('/sync/ehr/_bulk_docs', { new_edits: false, docs: [firstRevision(record, '3'.repeat(32))] })
    await ask()
  })
  expect(risen).toMatchObject({
    'lontar_imports_total{code="SIGNATURE_MISSING"}': 1,
    'lontar_imports_total{code="PATIENT_UNKNOWN"}': 1,
    'lontar_imports_total{code="OK"}': 1,
    'lontar_refusals_total{code="SIGNATURE_MISSING"}': 1,
    'lontar_refusals_total{code="PATIENT_UNKNOWN"}': 1,
  })
})

test('counts sign-ins, and refusals by their code', async () => {
  const risen = await risenBy(async () => {
    await askJson(`${hub.url}/operator/nodes`, basic('operator', 'wrong'))
    await askJson(`${hub.url}/operator/session`, undefined, {
      method: 'POST',
      body: { name: 'operator', password: hub.operatorPassword },
    })
    await askJson(`${hub.url}/nothing`, undefined)
  })
  expect(risen).toEqual({
    'lontar_sign_ins_total{outcome="refused"}': 1,
    'lontar_sign_ins_total{outcome="allowed"}': 1,
    'lontar_refusals_total{code="UNAUTHENTICATED"}': 1,
    'lontar_refusals_total{code="NOT_FOUND"}': 1,
  })
})

test('counts who came too fast, by the limit', async () => {
  const risen = await risenBy(async () => {
    for (let request = 0; request < 9; request++) await asNode('/node/configuration')
  })
  expect(risen['lontar_rate_limited_total{limit="node"}']).toBeGreaterThan(0)
  expect(risen['lontar_refusals_total{code="RATE_LIMITED"}']).toBe(risen['lontar_rate_limited_total{limit="node"}'])
})

test('law 10: no label holds anything that a caller has sent', async () => {
  await askJson(`${hub.url}/operator/nodes/${encodeURIComponent('Siti"} 1')}/suspend`, undefined, { method: 'POST' })
  const text = await page()
  const labels = new Set([...text.matchAll(/^lontar_[^\n]*\{(.*)\}/gm)].flatMap(([, all = '']) => all.split(',')))
  const facilities = [...labels].filter((label) => label.startsWith('facility='))
  expect(facilities).toEqual(['facility="101"'])
  const values = new Set(
    [...labels].filter((label) => !facilities.includes(label)).map((label) => /="([A-Za-z_]+)"$/.exec(label)?.[1]),
  )
  const fixed = [
    'kept',
    'malformed',
    'failed',
    'webhook',
    'email',
    'sent',
    'accepted',
    'refused',
    'requested',
    'rejected',
    'allowed',
    'OK',
    'address',
    'node',
    'registrations',
    'failures',
    'kept',
    'malformed',
    'failed',
    'active',
    'suspended',
  ]
  expect(
    [...values].filter((value) => !fixed.includes(value ?? '') && !Object.hasOwn(ERROR_CODES, value ?? '')),
  ).toEqual([])
  expect(text).not.toMatch(/Siti|101000|node-10/)
  expect(text).toContain('process_resident_memory_bytes')
  expect((await readPage(`Bearer ${TOKEN}`)).headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/)
})

test('every value is there from the start, so that nothing is not the same as unknown', async () => {
  const { text } = await new HubMetrics().page()
  expect(text).toContain('lontar_imports_total{code="REPLAY"} 0')
  expect(text).toContain('lontar_pushes_total 0')
})
