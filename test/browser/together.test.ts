import { useBrowser } from '../support/browser'
import { type Clinic, PASSWORDS, registered, signedIn, startClinic } from '../support/clinic'

const browser = useBrowser()
let clinic: Clinic
beforeAll(async () => {
  clinic = await startClinic()
}, 120_000)
afterAll(() => clinic.remove())

test('a second browser sees the change', async () => {
  const mrn = await registered(clinic, 'Dewi Lestari')
  const [list, record] = await Promise.all([
    signedIn(browser, clinic, 'rina', '/patients'),
    signedIn(browser, clinic, 'budi', `/patients/${mrn}`),
  ])
  await record.page.getByText('No visit yet').waitFor()

  const other = await signedIn(browser, clinic, 'siti', `/patients/${mrn}/visit`)
  await other.page.getByLabel('Complaint').fill('Demam tiga hari')
  await other.page.getByRole('button', { name: 'Save the visit' }).click()
  await record.page.getByText('Demam tiga hari').waitFor()

  await registered(clinic, 'Ketut Suardana')
  await list.page.getByText('Ketut Suardana').waitFor()
})

test('two people edit the same patient: both are told, and nothing is overwritten', async () => {
  const mrn = await registered(clinic, 'Made Wirawan')
  const path = `/patients/${mrn}/edit`
  const [rina, budi] = await Promise.all([
    signedIn(browser, clinic, 'rina', path),
    signedIn(browser, clinic, 'budi', path),
  ])
  await rina.page.getByLabel('Phone').fill('0812 3456 7890')
  await rina.page.getByText(/^Kept at/).waitFor()
  await budi.page.getByLabel('Address').fill('Jalan Melati 4')
  await budi.page.getByText('Rina Wulandari is writing here at the same time').waitFor()
  await rina.page.getByLabel('Mother').fill('Ni Luh')
  await rina.page.getByText('Budi Santoso is writing here at the same time').waitFor()

  await rina.page.getByRole('button', { name: 'Save' }).click()
  await rina.page.waitForURL(`**/patients/${mrn}`)
  // Told while it is typed, before anything is saved.
  await budi.page.getByText('Rina Wulandari changed this patient while you were typing').waitFor()
  await budi.page.getByRole('button', { name: 'Save' }).click()
  await budi.page.waitForURL(`**/patients/${mrn}`)

  const { body } = await clinic.admin.ask(`/fhir/Patient/${mrn}`)
  expect(body).toMatchObject({
    telecom: [{ value: expect.stringContaining('7890') }],
    address: [{ text: 'Jalan Melati 4' }],
  })
  expect(JSON.stringify(body)).toContain('Ni Luh')
})

test('what both have typed into one field is a question, and not the first or the last who saves', async () => {
  const mrn = await registered(clinic, 'Wayan Sudarma')
  const budi = await signedIn(browser, clinic, 'budi', `/patients/${mrn}/edit`)
  await budi.page.getByLabel('Phone').fill('0811111111')
  const { headers, body } = await clinic.admin.ask(`/fhir/Patient/${mrn}`)
  const telecom = [{ system: 'phone', value: '0822222222' }]
  const ifMatch = { 'if-match': headers.get('etag') ?? '' }
  await clinic.admin.ask(`/fhir/Patient/${mrn}`, {
    method: 'PUT',
    body: { ...(body as object), telecom },
    headers: ifMatch,
  })
  await budi.page.getByText(/changed this patient while you were typing/).waitFor()
  await budi.page.getByText('You typed “0811111111”.').waitFor()
  await budi.page.getByRole('button', { name: 'Use “0822222222”' }).click()
  expect(await budi.page.getByLabel('Phone').inputValue()).toBe('0822222222')
})

test('a session that somebody else ends asks for the password at once, and what was typed is there afterwards', async () => {
  const mrn = await registered(clinic, 'Komang Ayu')
  const budi = await signedIn(browser, clinic, 'budi', `/patients/${mrn}/visit`)
  await budi.page.getByLabel('Complaint').fill('Sakit kepala')
  await budi.page.getByText(/^Kept at/).waitFor()
  const change = (isDisabled: boolean) => clinic.admin.ask('/app/people/budi', { method: 'PUT', body: { isDisabled } })
  await change(true)
  await budi.page.getByRole('dialog', { name: 'You were signed out' }).waitFor()
  await change(false)
  await budi.page.getByLabel('Password', { exact: true }).fill(PASSWORDS.budi)
  await budi.page.getByRole('button', { name: 'Sign in' }).click()
  await budi.page.getByRole('dialog').waitFor({ state: 'detached' })
  expect(await budi.page.getByLabel('Complaint').inputValue()).toBe('Sakit kepala')
  await budi.page.getByRole('button', { name: 'Save the visit' }).click()
  await budi.page.getByText('Sakit kepala').waitFor()
})
