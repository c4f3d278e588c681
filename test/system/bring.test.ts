import type { Bundle } from 'fhir/r4'
import type { ImportTicket, NodeList } from '../../schemas/generated/types'
import { Browser, PASSWORDS } from '../edge/people/signed-in'
import { acceptEdge, type RunningEdge, startEdge } from '../support/edge'
import { type RunningHub, startHub } from '../support/hub'
import { until } from '../support/processes'

/** A patient is brought from one facility to another by its people. */
const MINUTES = 60_000
let hub: RunningHub
let home: RunningEdge
let away: RunningEdge
let mrn = ''
let siti: Browser
let budi: Browser
let rina: Browser

beforeAll(async () => {
  hub = await startHub()
  home = await startEdge('101', hub.url)
  away = await startEdge('102', hub.url)
  await acceptEdge(hub, home)
  await acceptEdge(hub, away)
  const patient = { resourceType: 'Patient', name: [{ text: 'Sri Lestari' }], birthDate: '1980-05-12' }
  mrn = ((await home.ask('/fhir/Patient', { method: 'POST', body: patient })).body as { id: string }).id
  await home.synced()
  siti = new Browser(away.url)
  await siti.addPerson('siti', 'admin')
  await siti.addPerson('budi', 'clinician')
  await siti.addPerson('rina', 'registrar')
  ;[budi, rina] = [new Browser(away.url), new Browser(away.url)]
  await budi.signIn('budi', PASSWORDS.budi)
  await rina.signIn('rina', PASSWORDS.rina)
}, 2 * MINUTES)

afterAll(async () => {
  await home?.remove()
  await away?.remove()
  await hub?.remove()
})

const accessAtHub = async () => {
  const { nodes } = (await hub.operator('/operator/nodes')).body as NodeList
  return nodes.find(({ externalId }) => externalId === '102')?.dataAccess
}
const accessHere = async () =>
  ((await siti.ask('/status')).body as { dataAccess: { status: string; reason?: string } }).dataAccess
const ticketOf = async (id: string) => (await budi.ask(`/imports/${id}`)).body as ImportTicket

test('who may not read records can not bring any, nor cancel; and only an admin asks for data access', async () => {
  expect((await rina.ask('/imports', { method: 'POST', body: { mrn } })).body).toMatchObject({ error: 'FORBIDDEN' })
  expect((await rina.ask('/imports/01J9ZK3V5N8Q2W4E6R8T0Y1U3I', { method: 'DELETE' })).body).toMatchObject({
    error: 'FORBIDDEN',
  })
  expect((await budi.ask('/data-access', { method: 'POST', body: {} })).body).toMatchObject({ error: 'FORBIDDEN' })
})

test(
  'what is asked for without data access waits, says by whom, and can be cancelled for good',
  async () => {
    const asked = await budi.ask('/imports', { method: 'POST', body: { mrn, purpose: 'ETREAT' } })
    expect(asked.body).toMatchObject({
      status: 'waiting',
      requestedBy: [{ name: 'budi', fullName: expect.any(String) }],
    })
    const { id } = asked.body as ImportTicket
    expect((await siti.ask(`/imports/${id}`, { method: 'DELETE' })).body).toMatchObject({
      status: 'cancelled',
      cancelledBy: { name: 'siti' },
    })
    expect((await budi.ask(`/imports/${id}`, { method: 'DELETE' })).body).toMatchObject({ error: 'IMPORT_ENDED' })
    await away.stop()
    await away.start()
    expect(await ticketOf(id)).toMatchObject({ status: 'cancelled' })
  },
  MINUTES,
)

test(
  'data access that was refused is asked for once more, with the reason',
  async () => {
    await until('data access was asked for', async () => (await accessAtHub())?.status === 'pending')
    const reject = { method: 'POST', body: { reason: 'which clinic is this?' } }
    expect((await hub.operator('/operator/nodes/node-102/data-access/reject', reject)).status).toBe(200)
    await until('the facility knows', async () => (await accessHere()).status === 'rejected', 2 * MINUTES)
    const again = await siti.ask('/data-access', {
      method: 'POST',
      body: { reason: 'Puskesmas Ruteng, patients move' },
    })
    expect(again.status).toBe(202)
    await until('the hub was asked again', async () => (await accessAtHub())?.status === 'pending')
    expect(await accessAtHub()).toMatchObject({ requestReason: 'Puskesmas Ruteng, patients move' })
  },
  4 * MINUTES,
)

test(
  'a local file of a patient who was brought here points to the first record, and is found by it',
  async () => {
    await hub.operator('/operator/nodes/node-102/data-access/accept', { method: 'POST', body: {} })
    const asked = await budi.ask('/imports', { method: 'POST', body: { mrn } })
    await until('the record is here', async () => (await ticketOf((asked.body as ImportTicket).id)).status === 'done')
    const link = [{ type: 'seealso', other: { reference: `Patient/${mrn}` } }]
    const local = { resourceType: 'Patient', name: [{ text: 'Sri Lestari' }], birthDate: '1980-05-12', link }
    const made = await rina.ask('/fhir/Patient', { method: 'POST', body: local })
    expect(made.status).toBe(201)
    const found = (await rina.ask(`/fhir/Patient?link=Patient/${mrn}`)).body as Bundle
    expect(found.entry?.map(({ resource }) => resource?.id)).toEqual([(made.body as { id: string }).id])
    const page = (await budi.ask('/imports?limit=1')).body as { imports: ImportTicket[]; next?: string }
    expect(page.imports).toHaveLength(1)
    const rest = (await budi.ask(`/imports?before=${page.next}`)).body as { imports: ImportTicket[] }
    expect(rest.imports.map(({ status }) => status)).toEqual(['cancelled'])
  },
  3 * MINUTES,
)
