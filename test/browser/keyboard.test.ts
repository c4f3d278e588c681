import { useBrowser } from '../support/browser'
import { type Clinic, PASSWORDS, startClinic } from '../support/clinic'
import { tabTo } from '../support/tab-to'

const browser = useBrowser()
let clinic: Clinic
beforeAll(async () => {
  clinic = await startClinic()
}, 120_000)
afterAll(() => clinic.remove())

test('with the keyboard alone: signing in, a patient registered, found, and a visit saved', async () => {
  const { page } = await browser.open(`${clinic.edge.url}/patients`)
  const { keyboard } = page
  await page.getByRole('textbox', { name: 'Name' }).waitFor()
  await keyboard.type('budi')
  await tabTo(page, /^Password$/)
  await keyboard.type(PASSWORDS.budi)
  await keyboard.press('Enter')

  await page.getByRole('searchbox').waitFor()
  await tabTo(page, /^To the content$/)
  await tabTo(page, /^Register a patient$/)
  await keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Register a patient' }).waitFor()
  await keyboard.type('Luh Sari')
  await tabTo(page, /^female$/)
  await keyboard.press('Space')
  await tabTo(page, /^Birth date or age/)
  await keyboard.type('46')
  await keyboard.press('Enter')
  await page.getByText('Registered', { exact: true }).waitFor()

  await page.goto(`${clinic.edge.url}/patients`)
  await page.getByRole('searchbox').waitFor()
  await keyboard.type('sari')
  await page.getByText('Found', { exact: true }).waitFor()
  await keyboard.press('ArrowDown')
  await keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Luh Sari' }).waitFor()
  await tabTo(page, /^New visit$/)
  await keyboard.press('Enter')
  await page.getByLabel('Complaint').waitFor()
  await tabTo(page, /^Complaint$/)
  await keyboard.type('Batuk')
  await tabTo(page, /^Temperature$/)
  await keyboard.type('37.2')
  await tabTo(page, /^Find a diagnosis$/)
  await keyboard.type('J06')
  await page.getByRole('option', { name: /J06/ }).first().waitFor()
  await keyboard.press('Enter')
  await tabTo(page, /^Save the visit$/)
  await keyboard.press('Enter')
  await page.getByText('Batuk', { exact: true }).waitFor()
})
