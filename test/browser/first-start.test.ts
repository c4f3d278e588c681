import { barriersInBothLooks } from '../support/barriers'
import { useBrowser } from '../support/browser'
import { PASSWORDS } from '../support/clinic'
import { type RunningHub, startHub } from '../support/hub'
import { type Running, startProgram, temporaryFolder, until } from '../support/processes'

const browser = useBrowser()
let hub: RunningHub
let edge: Running
let folder: Awaited<ReturnType<typeof temporaryFolder>>

beforeAll(async () => {
  folder = await temporaryFolder()
  hub = await startHub()
  edge = await startProgram(['edge'], { EDGE_DATA: folder.path, EDGE_LOG_LEVEL: 'warn' }, 'EDGE_PORT', folder.path)
}, 120_000)
afterAll(async () => {
  await edge.kill()
  await hub.remove()
  await folder.remove()
})

test('from the first start to a visit that is safe at the ministry', async () => {
  const { page, expectFault } = await browser.open(edge.url)
  await page.getByRole('button', { name: 'Or bring back a backup' }).click()
  await page.getByLabel('Passphrase of the backup').waitFor()
  expect(await barriersInBothLooks(page)).toEqual([])
  await page.getByRole('button', { name: 'Back', exact: true }).click()
  await page.getByLabel('Name of the facility').waitFor()
  expect(await barriersInBothLooks(page)).toEqual([])

  await page.getByLabel('Name of the facility').fill('Puskesmas Lembang')
  await page.getByLabel('External ID').fill('101')
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByLabel('Address of the ministry').fill(hub.url)
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByLabel('Your full name').fill('Siti Rahayu')
  await page.getByLabel('Name to sign in with').fill('siti')
  await page.getByLabel('Password', { exact: true }).fill(PASSWORDS.siti)
  // It starts anew with what it was told, and does not answer meanwhile.
  expectFault(/ERR_CONNECTION|status of 503/)
  await page.getByRole('button', { name: 'Start' }).click()

  const shown = page.getByLabel(/^Pairing code: [0-9A-Z ]{15}$/)
  await shown.waitFor()
  expect(await barriersInBothLooks(page)).toEqual([])
  const code = ((await shown.textContent()) ?? '').replaceAll(' ', '')
  const waiting = await until('the hub shows the same code', async () => {
    const { body } = await hub.operator('/operator/registrations?status=pending')
    const { registrations } = body as { registrations: { id: string; pairingCode: string }[] }
    return registrations.find(({ pairingCode }) => pairingCode === code)
  })
  await hub.operator(`/operator/registrations/${waiting.id}/accept`, { method: 'POST', body: {} })
  await page.getByText('The ministry has let this facility in').waitFor()
  // By itself.
  await page.waitForURL('**/patients')

  await page.getByRole('link', { name: 'Register a patient' }).click()
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Dewi Lestari')
  await page.getByLabel('female', { exact: true }).check()
  await page.getByLabel('Birth date or age').fill('12-5-1980')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('link', { name: 'Open the patient' }).click()
  await page.getByRole('link', { name: 'New visit' }).click()
  await page.getByLabel('Complaint').fill('Demam tiga hari')
  await page.getByLabel('Temperature').fill('38.4')
  await page.getByLabel('Find a diagnosis').fill('J06')
  await page.getByRole('option', { name: /J06/ }).first().click()
  await page.getByRole('button', { name: 'Save the visit' }).click()

  await page.getByText('Demam tiga hari').waitFor()
  const missing = async () => {
    const { body } = await hub.couch('/ehr/_all_docs')
    const ids = (body as { rows: { id: string }[] }).rows.map(({ id }) => id)
    const types = ['Patient', 'Encounter', 'Observation', 'Condition']
    return types.filter((type) => !ids.some((id) => new RegExp(`^101\\d{8}:${type}`).test(id)))
  }
  await until('the hub has the visit', async () => (await missing()).length === 0)
  await page.getByText(/^All records are safe at the ministry/).waitFor()
})
