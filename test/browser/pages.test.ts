import { useBrowser } from '../support/browser'
import { type Clinic, PASSWORDS, registered, signedIn, signIn, startClinic } from '../support/clinic'

const browser = useBrowser()
let clinic: Clinic
beforeAll(async () => {
  clinic = await startClinic()
}, 120_000)
afterAll(() => clinic.remove())

test('each page says in the window’s title what it is, and never whose', async () => {
  const mrn = await registered(clinic, 'Kadek Astuti')
  const screen = await signedIn(browser, clinic, 'siti', '/patients')
  const { page } = screen
  const titles: string[] = []
  for (const path of ['', '/new', `/${mrn}`, `/${mrn}/visit`, `/${mrn}/card`, `/${mrn}/edit`]) {
    await page.goto(`${clinic.edge.url}/patients${path}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    titles.push(await page.title())
  }
  for (const path of ['people', 'tokens', 'backup', 'data', 'password', 'about']) {
    await page.goto(`${clinic.edge.url}/settings/${path}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    titles.push(await page.title())
  }
  await page.goto(`${clinic.edge.url}/sync`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  titles.push(await page.title())
  expect(new Set(titles).size).toBe(titles.length)
  expect(titles.filter((title) => !/^.+ · Lontar$/.test(title) || /Kadek|\d{9}/.test(title))).toEqual([])
})

test('on a narrow window the name of the page of settings that is open is in sight', async () => {
  const { page } = await browser.open(`${clinic.edge.url}/settings/about`, { width: 360 })
  await signIn(page, 'siti')
  const here = page.locator('#content nav [aria-current=page]')
  await here.waitFor()
  const box = await here.boundingBox()
  expect(box && box.x >= 0 && box.x + box.width <= 360).toBe(true)
})

test('whoever was added is in sight, whatever page the name comes on', async () => {
  for (let count = 1; count <= 23; count++) {
    const body = { name: `kader${count}`, fullName: `Kader ${count}`, role: 'registrar', password: PASSWORDS.rina }
    expect((await clinic.admin.ask('/app/people', { method: 'POST', body })).status).toBe(201)
  }
  const { page } = await signedIn(browser, clinic, 'siti', '/settings/people')
  await page.getByText('1–25 of 26').waitFor()
  await page.getByRole('button', { name: 'Add a person' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Full name').fill('Zulkifli Amir')
  await dialog.getByLabel('Signs in as').fill('zul')
  await dialog.getByRole('textbox', { name: 'Password' }).fill(PASSWORDS.rina)
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('row', { name: /Zulkifli Amir/ }).waitFor()
  await page.getByText('26–27 of 27').waitFor()
}, 180_000)

test('systems that are let in stand in pages', async () => {
  for (let count = 1; count <= 26; count++)
    await clinic.admin.ask('/app/tokens', { method: 'POST', body: { name: `Lab ${count}`, role: 'clinician' } })
  const { page } = await signedIn(browser, clinic, 'siti', '/settings/tokens')
  await page.getByText('1–25 of 26').waitFor()
  expect(await page.getByRole('row').count()).toBe(26)
  await page.getByRole('button', { name: 'Next page' }).click()
  await page.getByText('26–26 of 26').waitFor()
  expect(await page.getByRole('row').count()).toBe(2)
})

test('a system’s token is not revoked by one slip', async () => {
  const { token } = (
    await clinic.admin.ask('/app/tokens', {
      method: 'POST',
      body: { name: 'Pharmacy', role: 'clinician' },
    })
  ).body as { token: string }
  const statusOf = async () =>
    (await fetch(`${clinic.edge.url}/fhir/Patient`, { headers: { authorization: `Bearer ${token}` } })).status
  const { page } = await signedIn(browser, clinic, 'siti', '/settings/tokens')
  const row = page.getByRole('row', { name: /Pharmacy/ })
  const asked = page.getByRole('dialog', { name: 'Revoke the token of Pharmacy?' })
  // The newest is first.
  await row.waitFor()
  await row.getByRole('button', { name: 'Revoke' }).click()
  await asked.getByRole('button', { name: 'Cancel' }).click()
  await asked.waitFor({ state: 'hidden' })
  expect(await statusOf()).toBe(200)
  await row.getByRole('button', { name: 'Revoke' }).click()
  await asked.getByRole('button', { name: 'Revoke' }).click()
  await row.getByText('revoked').waitFor()
  expect(await statusOf()).toBe(401)
})
