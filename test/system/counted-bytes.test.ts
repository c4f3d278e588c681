import type { ImportTicket, VerifyStatus } from '../../schemas/generated/types'
import { freePort } from '../support/ask'
import { acceptEdge, allowImports, type RunningEdge, startEdge } from '../support/edge'
import { type RunningHub, startHub } from '../support/hub'
import { type Link, startLink } from '../support/link'
import { until } from '../support/processes'

let link: Link
let hub: RunningHub
let edge: RunningEdge | undefined

beforeAll(async () => {
  const port = await freePort()
  link = await startLink(`http://127.0.0.1:${port}`)
  hub = await startHub({ HUB_PORT: String(port), HUB_PUBLIC_URL: link.url })
}, 120_000)
afterAll(async () => {
  await edge?.remove()
  await hub?.remove()
  await link?.stop()
})

/** Another facility has a patient, and is gone. */
async function patientElsewhere(): Promise<string> {
  const other = await startEdge('102', hub.url)
  try {
    const body = { resourceType: 'Patient', name: [{ family: 'Siwabessy' }] }
    const created = await other.ask('/fhir/Patient', { method: 'POST', body })
    await acceptEdge(hub, other)
    await other.synced()
    return (created.body as { id: string }).id
  } finally {
    await other.remove()
  }
}

test('R25: bytesToday has every byte between edge and hub: registration, push, verification and imports', async () => {
  const mrn = await patientElsewhere()
  link.reset()
  const here = await startEdge('101', link.url)
  edge = here
  const allIsCounted = (what: string) =>
    until(`${what}: all is counted`, async () => {
      const { bytesUp, bytesDown } = link.traffic()
      return (await here.status()).sync.bytesToday === bytesUp + bytesDown && bytesUp + bytesDown
    })
  await until('it is registered', async () => (await here.status()).registration.status === 'pending')
  const registered = await allIsCounted('the registration')
  expect(registered).toBeGreaterThan(300)

  await acceptEdge(hub, here)
  await here.ask('/fhir/Patient', { method: 'POST', body: { resourceType: 'Patient', name: [{ family: 'Wijaya' }] } })
  await here.synced()
  const pushed = await allIsCounted('the push')
  expect(pushed).toBeGreaterThan(registered)

  await here.ask('/verify', { method: 'POST', body: {} })
  await until('it is verified', async () => {
    const { last } = (await here.ask('/verify')).body as VerifyStatus
    return last?.outcome === 'agrees'
  })
  const verified = await allIsCounted('the verification')
  expect(verified).toBeGreaterThan(pushed)

  await allowImports(hub, here)
  const asked = (await here.ask('/imports', { method: 'POST', body: { mrn } })).body as ImportTicket
  await until('it is imported', async () => {
    const { status } = (await here.ask(`/imports/${asked.id}`)).body as ImportTicket
    return status === 'done'
  })
  expect(await allIsCounted('the import')).toBeGreaterThan(verified)
}, 120_000)
