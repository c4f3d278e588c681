import type { BtgList, DisclosureList, ImportTicket } from '../../schemas/generated/types'
import { consent, facility } from '../hub/consent/consents'
import { acceptEdge, allowImports, type RunningEdge, startEdge } from '../support/edge'
import { type RunningHub, startHub } from '../support/hub'
import { until } from '../support/processes'

/** A patient's will, from the facility where it is written down to the one that it concerns, and back to the first. */
const MINUTES = 60_000
let hub: RunningHub
let home: RunningEdge
let away: RunningEdge
let mrn = ''
let will: { id: string } & Record<string, unknown>

const RECIPIENT = {
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType', code: 'IRCP' }],
}

const create = async (type: string, resource: object) => {
  const { status, body } = await home.ask(`/fhir/${type}`, {
    method: 'POST',
    body: { resourceType: type, ...resource },
  })
  expect({ status, body }).toMatchObject({ status: 201 })
  return body as { id: string }
}

beforeAll(async () => {
  hub = await startHub()
  home = await startEdge('101', hub.url)
  away = await startEdge('102', hub.url)
  await acceptEdge(hub, home)
  await acceptEdge(hub, away)
  await allowImports(hub, away)
  mrn = (await create('Patient', { name: [{ family: 'Lema' }] })).id
  const subject = { reference: `Patient/${mrn}` }
  await create('Observation', { status: 'final', code: { text: 'Weight' }, subject })
  const { id: _, ...directive } = consent({ type: 'deny', actor: [{ ...facility('102'), role: RECIPIENT }] })
  const category = [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }]
  const policy = [{ uri: 'https://example.org/consent' }]
  will = { ...directive, ...(await create('Consent', { ...directive, category, policy, patient: subject })) }
  await home.synced()
}, 2 * MINUTES)

afterAll(async () => {
  await home?.remove()
  await away?.remove()
  await hub?.remove()
})

async function imported(request: object): Promise<ImportTicket> {
  const asked = await away.ask('/imports', { method: 'POST', body: { mrn, ...request } })
  expect(asked.status).toBe(202)
  return until('the import', async () => {
    const now = (await away.ask(`/imports/${(asked.body as ImportTicket).id}`)).body as ImportTicket
    return ['done', 'failed'].includes(now.status) && now
  })
}

test('what the patient refuses is refused at once, and people are told the way in an emergency', async () => {
  const ticket = await imported({ purpose: 'TREAT' })
  expect(ticket).toMatchObject({ status: 'failed', attempts: 1, lastError: { error: 'CONSENT_REFUSED' } })
  expect(ticket.lastError?.reason).toContain('BTG')
  expect((await away.ask(`/fhir/Patient/${mrn}`)).status).toBe(404)
})

test('breaking the glass brings the record, and stands on the list for review', async () => {
  expect(await imported({ purpose: 'BTG', reason: 'pingsan' })).toMatchObject({ status: 'done', resources: 3 })
  const { entries } = (await hub.operator('/operator/btg?status=open')).body as BtgList
  expect(entries).toEqual([expect.objectContaining({ node: 'node-102', mrn, reason: 'pingsan', overridden: 3 })])
  const path = `/operator/btg/${encodeURIComponent(entries[0]?.auditId ?? '')}/review`
  expect((await hub.operator(path, { method: 'POST', body: { finding: 'In order.' } })).status).toBe(200)
  expect(((await hub.operator('/operator/btg?status=open')).body as BtgList).entries).toEqual([])
})

test('the facility that the record belongs to sees who read it, at its own edge', async () => {
  const { status, body } = await home.ask('/disclosures/refresh', { method: 'POST', body: {} })
  expect(status).toBe(200)
  expect((body as DisclosureList).disclosures).toEqual([
    expect.objectContaining({
      mrn,
      facility: { externalId: '102', name: 'Facility 102' },
      purpose: 'BTG',
      reason: 'pingsan',
      breaksGlass: true,
    }),
  ])
  const { body: kept } = await home.ask(`/disclosures?mrn=${mrn}`)
  expect(kept).toEqual(body)
  expect((await away.ask('/disclosures')).body).toMatchObject({ disclosures: [] })
})

test('a newer will counts as soon as the hub has it: what is kept back now is gone from the copy too', async () => {
  const provision = { type: 'deny', class: [{ system: 'http://hl7.org/fhir/resource-types', code: 'Observation' }] }
  const changed = await home.ask(`/fhir/Consent/${will.id}`, { method: 'PUT', body: { ...will, provision } })
  expect(changed.status).toBe(200)
  await home.synced()
  expect(await imported({ purpose: 'TREAT' })).toMatchObject({ status: 'done', resources: 1, withheld: true })
  const { body } = await away.ask(`/fhir/Observation?subject=Patient/${mrn}`)
  expect(body).toMatchObject({ total: 0 })
})
