import { useBrowser } from '../support/browser'
import { type Clinic, registered, signedIn, startClinic } from '../support/clinic'

const browser = useBrowser()
let clinic: Clinic
beforeAll(async () => {
  clinic = await startClinic()
}, 120_000)
afterAll(() => clinic.remove())

test('a visit is written while the hub is away, and goes up by itself once it is back', async () => {
  const mrn = await registered(clinic, 'Dewi Lestari')
  const { page } = await signedIn(browser, clinic, 'budi', `/patients/${mrn}/visit`)
  await page.getByText(/^All records are safe/).waitFor()
  await clinic.hub.stop()
  await page.getByLabel('Complaint').fill('Batuk seminggu')
  await page.getByRole('button', { name: 'Save the visit' }).click()
  await page.getByText('Batuk seminggu').waitFor()
  await page.getByText(/^No link to the ministry since .* nothing is lost/).waitFor()
  await clinic.hub.start()
  await page.getByText(/^All records are safe/).waitFor({ timeout: 90_000 })
})

test('the edge is killed in the middle of typing: the draft is there when it is started again', async () => {
  const mrn = await registered(clinic, 'Ketut Suardana')
  const { page, expectFault } = await signedIn(browser, clinic, 'budi', `/patients/${mrn}/visit`)
  await page.getByLabel('Complaint').fill('Sakit perut sejak')
  await page.getByText(/^Kept at/).waitFor()
  expectFault(/ERR_(CONNECTION|INCOMPLETE|EMPTY|NETWORK)/)
  await clinic.edge.kill()
  await page.getByLabel('Complaint').fill('Sakit perut sejak kemarin')
  await page.getByText('Not kept yet; it is tried again. Leave this page open.').waitFor()
  await page
    .getByText('Lontar does not answer. Leave this page open: what you type now is kept as soon as it does.')
    .waitFor()
  await clinic.edge.start()
  await page.getByText(/^Kept at/).waitFor()
  // Another computer, as after a power cut.
  const again = await signedIn(browser, clinic, 'budi', `/patients/${mrn}/visit`)
  await again.page.getByText('Sakit perut sejak kemarin').waitFor()
})

test('somebody who may be here already is shown before a second record is made', async () => {
  const mrn = await registered(clinic, 'Ni Made Sulastri', { telecom: [{ system: 'phone', value: '081234567890' }] })
  const { page } = await signedIn(browser, clinic, 'rina', '/patients/new')
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Ni Made Soelastri')
  await page.getByLabel('female', { exact: true }).check()
  await page.getByLabel('Birth date or age').fill('12-5-1980')
  await page.getByLabel('Phone').fill('0812 3456 7890')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('heading', { name: 'Is it one of these?' }).waitFor()
  await page.getByText('Very likely the same').first().waitFor()
  await page.getByRole('button', { name: `It is this one: Ni Made Sulastri, ${mrn}` }).click()
  await page.waitForURL(`**/patients/${mrn}`)
  await page.getByRole('heading', { name: 'Ni Made Sulastri' }).waitFor()
  const { body } = await clinic.admin.ask('/fhir/Patient?name=sulastri')
  expect(body).toMatchObject({ total: 1 })
})

test('the language is changed on any page, and stays', async () => {
  const { page } = await signedIn(browser, clinic, 'rina', '/patients')
  await page.getByRole('button', { name: 'Language' }).click()
  await page.getByRole('menuitem', { name: 'Bahasa Indonesia' }).click()
  await page.getByRole('heading', { name: 'Pasien' }).waitFor()
  expect(await page.locator('html').getAttribute('lang')).toBe('id')
  await page.reload()
  await page.getByRole('heading', { name: 'Pasien' }).waitFor()
})
