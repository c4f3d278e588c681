import { useBrowser } from '../support/browser'
import { type Clinic, PASSWORDS, registered, signedIn, startClinic } from '../support/clinic'

const browser = useBrowser()
let clinic: Clinic
beforeAll(async () => {
  clinic = await startClinic({ EDGE_IDLE_MINUTES: '1' })
}, 120_000)
afterAll(() => clinic.remove())

test('whoever leaves is told, signed out, and finds what was typed', async () => {
  const mrn = await registered(clinic, 'Gede Putra')
  const { page } = await signedIn(browser, clinic, 'budi', `/patients/${mrn}/visit`)
  await page.getByLabel('Complaint').fill('Pusing')
  await page.getByRole('dialog', { name: 'Are you still there?' }).waitFor()
  await page.getByRole('dialog', { name: 'You were signed out' }).waitFor({ timeout: 90_000 })
  await page.getByLabel('Password', { exact: true }).fill(PASSWORDS.budi)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect(await page.getByLabel('Complaint').inputValue()).toBe('Pusing')
}, 180_000)
