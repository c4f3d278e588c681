import type { AuditEntry, BtgList, DisclosureList } from '../../../schemas/generated/types'
import { type Answer, askJson, basic } from '../../support/ask'
import { type RunningHub, startHub } from '../../support/hub'
import { registerNode } from '../../support/node'

/** `GET /operator/records/{mrn}` at a hub that runs: what an operator sees, and what is written down before. */
let hub: RunningHub
let owner: string

const MRN = '10100000018'
const VISITING = '10200000017'
const CLOSED = '10100000034'

beforeAll(async () => {
  hub = await startHub()
  const { nodeName, syncPassword } = await registerNode(hub, '101', 'RSUD Saumlaki')
  owner = basic(nodeName, syncPassword)
  const of = (facility: string, mrn: string, type: string, local: string, resource: object) => ({
    _id: type === 'Patient' ? `${mrn}:Patient` : `${mrn}:${type}:${local}`,
    type,
    mrn,
    facility,
    recordedAt: '2026-11-20T02:14:55.008Z',
    resource: { resourceType: type, id: type === 'Patient' ? mrn : `${mrn}.${local}`, ...resource },
  })
  const docs = [
    of('101', MRN, 'Patient', '', { name: [{ family: 'Rumahorbo' }] }),
    of('101', MRN, 'Observation', 'o1', { status: 'final', valueString: '120/80' }),
    of('102', VISITING, 'Patient', '', { link: [{ type: 'seealso', other: { reference: `Patient/${MRN}` } }] }),
    of('102', VISITING, 'Observation', 'o2', { status: 'final', valueString: '130/90' }),
    of('101', CLOSED, 'Patient', '', { name: [{ family: 'Manuhutu' }] }),
    of('101', CLOSED, 'Consent', 'c1', {
      status: 'active',
      scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }] },
      dateTime: '2026-01-01',
      provision: { type: 'deny' },
    }),
  ]
  const { body } = await hub.couch('/ehr/_bulk_docs', { method: 'POST', body: { docs } })
  expect((body as { error?: string }[]).filter(({ error }) => error !== undefined)).toEqual([])
}, 120_000)
afterAll(() => hub?.remove())

function read(path: string, headers: Readonly<Record<string, string>>, method = 'GET'): Promise<Answer> {
  return askJson(`${hub.url}/operator/records/${path}`, basic('operator', hub.operatorPassword), { method, headers })
}

async function audit(mrn: string): Promise<AuditEntry[]> {
  const { body } = await hub.operator(`/operator/audit?kind=import&mrn=${mrn}&limit=1000`)
  return (body as { entries: AuditEntry[] }).entries
}

async function disclosures(mrn: string): Promise<DisclosureList['disclosures']> {
  const { body } = await askJson(`${hub.url}/node/disclosures?mrn=${mrn}`, owner)
  return (body as DisclosureList).disclosures
}

const idsOf = ({ body }: Answer) =>
  (body as { entry: { resource: { id?: string } }[] }).entry.map(({ resource }) => resource.id)

test('without a purpose, or with one that is none, nothing is read, and that is written down by name', async () => {
  for (const headers of [{}, { 'Purpose-Of-Use': 'CURIOSITY' }, { 'Purpose-Of-Use': 'BTG' }]) {
    expect(await read(MRN, headers)).toMatchObject({ status: 400, body: { error: 'PURPOSE_INVALID' } })
  }
  const entries = await audit(MRN)
  expect(entries).toHaveLength(3)
  for (const entry of entries) {
    expect(entry).toMatchObject({ operator: 'operator', outcome: 'refused', code: 'PURPOSE_INVALID' })
  }
})

test('a record with what is linked to it, and an entry by the operator’s name', async () => {
  const answer = await read(MRN, { 'Purpose-Of-Use': 'PATRQT', Reason: 'Letter of 20 November' })
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store'])
  expect(idsOf(answer)).toEqual([MRN, `${MRN}.o1`, VISITING, `${VISITING}.o2`])
  expect(idsOf(await read(`${MRN}?_linked=false`, { 'Purpose-Of-Use': 'PATRQT' }))).toEqual([MRN, `${MRN}.o1`])
  const [first, second] = (await audit(MRN)).filter(({ outcome }) => outcome === 'allowed')
  expect(first).toMatchObject({
    kind: 'import',
    action: 'Patient/$everything',
    operator: 'operator',
    mrn: MRN,
    linked: [VISITING],
    purpose: 'PATRQT',
    reason: 'Letter of 20 November',
  })
  expect(first).not.toHaveProperty('node')
  expect(second?._id).not.toBe(first?._id)
})

test('the facility that it belongs to sees who at the ministry has read it', async () => {
  expect(await disclosures(MRN)).toContainEqual({
    id: expect.stringMatching(/^operator-read:/),
    at: expect.any(String),
    mrn: MRN,
    facility: { externalId: '', name: 'Ministry' },
    operator: 'operator',
    purpose: 'PATRQT',
    reason: 'Letter of 20 November',
    breaksGlass: false,
  })
})

test('what a Consent keeps from everybody is kept from operators, with one entry of it', async () => {
  expect(await read(CLOSED, { 'Purpose-Of-Use': 'TREAT' })).toMatchObject({
    status: 403,
    body: { error: 'CONSENT_REFUSED' },
  })
  const { body } = await hub.operator(`/operator/audit?operator=operator&outcome=refused&limit=1000`)
  const entries = (body as { entries: AuditEntry[] }).entries.filter(({ code }) => code === 'CONSENT_REFUSED')
  expect(entries).toMatchObject([{ kind: 'import', mrn: CLOSED, withheld: 2 }])
})

test('the glass is broken with a reason, and that waits for review and is seen by the facility', async () => {
  const answer = await read(CLOSED, { 'Purpose-Of-Use': 'BTG', Reason: 'Contact tracing of a case of rabies' })
  expect(idsOf(answer)).toEqual([CLOSED, `${CLOSED}.c1`])
  const { body } = await hub.operator('/operator/btg?status=open')
  expect((body as BtgList).entries).toMatchObject([
    { operator: 'operator', node: '', mrn: CLOSED, overridden: 2, reason: 'Contact tracing of a case of rabies' },
  ])
  expect(await disclosures(CLOSED)).toMatchObject([{ operator: 'operator', breaksGlass: true }])
})

test('HEAD tells whether there is such a patient, so it is written down as well', async () => {
  const before = (await audit(MRN)).length
  expect((await read(MRN, { 'Purpose-Of-Use': 'PATRQT' }, 'HEAD')).status).toBe(200)
  expect(await audit(MRN)).toHaveLength(before + 1)
})

test('an unknown patient and what is no MRN are refused', async () => {
  expect(await read('10100000026', { 'Purpose-Of-Use': 'TREAT' })).toMatchObject({
    status: 404,
    body: { error: 'PATIENT_UNKNOWN' },
  })
  expect(await read('nobody', { 'Purpose-Of-Use': 'TREAT' })).toMatchObject({
    status: 400,
    body: { error: 'INVALID_REQUEST' },
  })
})

test.each(['viewer', 'auditor'])('a %s reads no record', async (role) => {
  const name = `${role}.of.the.test`
  const password = 'kapal malam tiba di dermaga'
  await hub.operator('/operator/operators', { method: 'POST', body: { name, role, password } })
  const answer = await askJson(`${hub.url}/operator/records/${MRN}`, basic(name, password), {
    headers: { 'Purpose-Of-Use': 'TREAT' },
  })
  expect(answer).toMatchObject({ status: 403, body: { error: 'FORBIDDEN' } })
})

test('a record whose entry can not be written is not shown (law 6)', async () => {
  const { body } = await hub.couch('/audit')
  expect(body).toMatchObject({ db_name: 'audit' })
  await hub.couch('/audit', { method: 'DELETE' })
  expect((await read(MRN, { 'Purpose-Of-Use': 'PATRQT' })).status).toBeGreaterThanOrEqual(500)
})
