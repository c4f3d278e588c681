import { barriersInBothLooks } from '../support/barriers'
import { useBrowser } from '../support/browser'
import { addPeople, type Clinic, registered, signedIn, startClinic, synced } from '../support/clinic'
import { acceptEdge, allowImports, startEdge } from '../support/edge'

const browser = useBrowser()
let lembang: Clinic
let ruteng: Clinic
beforeAll(async () => {
  lembang = await startClinic()
  const edge = await startEdge('102', lembang.hub.url, { EDGE_NAME: 'Puskesmas Ruteng' })
  await acceptEdge(lembang.hub, edge)
  await allowImports(lembang.hub, edge)
  ruteng = { ...lembang, edge, admin: await addPeople(edge.url) }
}, 180_000)
afterAll(async () => {
  await ruteng.edge.remove()
  await lembang.remove()
})

test('a patient is brought here, the glass is broken, and the home facility sees who has read', async () => {
  const mrn = await registered(lembang, 'Suci Lestari')
  await synced(lembang)
  const { page } = await signedIn(browser, ruteng, 'budi', '/bring')
  await page.getByLabel('Medical record number (MRN)').fill(mrn)
  await page.getByRole('button', { name: 'Bring the record here' }).click()
  await page.getByText('The record is here, for reading.').waitFor()

  await page.getByLabel('Medical record number (MRN)').fill(mrn)
  await page.getByRole('radio', { name: 'Break the glass' }).check()
  await page.getByText('You open what the patient has closed').waitFor()
  await page.getByRole('button', { name: 'Break the glass and bring it' }).click()
  await page.getByText('Write why. Without a reason nobody may break the glass.').waitFor()
  await page.getByLabel('Reason').fill('Tidak sadar, tidak ada keluarga')
  await page.getByLabel('The patient is in danger, and I need the record now').check()
  await page.getByRole('button', { name: 'Break the glass and bring it' }).click()
  await page.getByText('The record is here, for reading.').nth(1).waitFor()

  await page.goto(`${ruteng.edge.url}/patients/${mrn}`)
  await page.getByRole('heading', { name: 'Suci Lestari' }).waitFor()
  await page.getByText(/^For reading only: a copy from facility 101/).waitFor()
  expect(await page.getByRole('link', { name: 'New visit' }).count()).toBe(0)
  expect(await barriersInBothLooks(page)).toEqual([])
  await page.goto(`${ruteng.edge.url}/patients/${mrn}/local-file`)
  await page.locator('#patient-name').waitFor()
  expect(await barriersInBothLooks(page)).toEqual([])

  const home = await signedIn(browser, lembang, 'budi', '/sync')
  await home.page.getByRole('button', { name: 'Ask the ministry now' }).click()
  await home.page.getByText('Broke the glass').waitFor()
  await home.page.getByText('“Tidak sadar, tidak ada keluarga”').waitFor()
  await home.page.getByText('Puskesmas Ruteng').first().waitFor()
})

test('what another facility knows of a patient is in sight in the local file, and warns there', async () => {
  const mrn = await registered(lembang, 'Wayan Sudarma')
  const subject = { reference: `Patient/${mrn}` }
  await write({ resourceType: 'AllergyIntolerance', patient: subject, code: { text: 'Amoksisilin' } })
  await write({ resourceType: 'Condition', subject, code: { text: 'Hipertensi' } })
  await synced(lembang)
  const { page } = await signedIn(browser, ruteng, 'budi', `/bring?mrn=${mrn}`)
  await page.getByRole('button', { name: 'Bring the record here' }).click()
  await page.getByText('The record is here, for reading.').first().waitFor()
  await page.goto(`${ruteng.edge.url}/patients/${mrn}`)
  await page.getByRole('link', { name: 'Open a local file' }).click()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('link', { name: 'Open the patient' }).click()

  const inSight = page.getByRole('complementary')
  await inSight.getByText('Amoksisilin').waitFor()
  await inSight.getByText('Hipertensi').waitFor()
  expect(await inSight.getByText(/^from 101, brought here /).count()).toBe(2)
  await page.getByRole('link', { name: 'New visit' }).click()
  await page.getByRole('button', { name: 'Add a medicine' }).click()
  await page.getByRole('combobox', { name: 'Medicine' }).fill('Amoxicillin 500 mg')
  await page.getByText('The patient is allergic to this: Amoksisilin.').waitFor()
})

async function write(body: { resourceType: string; [element: string]: unknown }): Promise<void> {
  const { status } = await lembang.admin.ask(`/fhir/${body.resourceType}`, { method: 'POST', body })
  expect(status).toBe(201)
}
