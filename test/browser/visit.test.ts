import type { Bundle, Condition, FhirResource, Observation } from 'fhir/r4'
import type { Locator, Page } from 'playwright-core'
import { barriersInBothLooks } from '../support/barriers'
import { useBrowser } from '../support/browser'
import { type Clinic, registered, signedIn, startClinic } from '../support/clinic'

const browser = useBrowser()
let clinic: Clinic
beforeAll(async () => {
  clinic = await startClinic()
}, 120_000)
afterAll(() => clinic.remove())

const open = (mrn: string) => signedIn(browser, clinic, 'budi', `/patients/${mrn}/visit`)
const save = (page: Page) => page.getByRole('button', { name: 'Save the visit' }).click()

test('what was typed and not chosen is kept, and is neither saved nor left out without a word', async () => {
  const mrn = await registered(clinic, 'Made Wirawan')
  const first = await open(mrn)
  await first.page.getByLabel('Complaint').fill('Demam')
  await first.page.getByLabel('Find a diagnosis').fill('demam berdarah')
  await first.page.getByText(/^Kept at/).waitFor()
  await first.close()

  const { page } = await open(mrn)
  expect(await page.getByLabel('Find a diagnosis').inputValue()).toBe('demam berdarah')
  await page.getByRole('button', { name: 'Add a medicine' }).click()
  await page.getByLabel('How to take it').fill('3 × 1')
  await save(page)
  await page.getByText('This is no diagnosis yet').waitFor()
  await page.getByRole('option', { name: /A91/ }).waitFor()
  await page.getByText('Write which medicine it is, or remove the line.').waitFor()
  expect(await barriersInBothLooks(page)).toEqual([])
  await page.setViewportSize({ width: 1280, height: 800 })

  // The look at both widths has scrolled past it.
  await page.getByLabel('Find a diagnosis').scrollIntoViewIfNeeded()
  await page.getByLabel('Find a diagnosis').press('ArrowDown')
  await page.getByRole('option', { name: /A91/ }).click()
  await page.getByRole('combobox', { name: 'Medicine' }).fill('Parasetamol 500 mg')
  await page.keyboard.press('Escape')
  await save(page)
  await page.waitForURL(`**/patients/${mrn}`)
  await page.getByText('A91').first().waitFor()
  await page.getByText('3 × 1').waitFor()
})

test.each([1280, 360])('at a width of %d the bar with “Save” covers no field that has the focus', async (width) => {
  const mrn = await registered(clinic, 'Gede Suta')
  const { page } = await open(mrn)
  await page.setViewportSize({ width, height: 600 })
  await page.getByLabel('Complaint').fill('Batuk')
  await page.getByText(/^Kept at/).waitFor()
  const edges = async (of: Locator) => {
    const { y = Number.NaN, height = Number.NaN } = (await of.boundingBox()) ?? {}
    return { top: y, bottom: y + height }
  }
  const field = page.getByLabel('Height')
  const bar = page.locator('.visit-actions')
  // In the window as far as the browser is concerned, and behind the bar.
  await page.evaluate('document.activeElement.blur(); scrollTo(0, 0)')
  const { bottom } = await edges(field)
  await page.evaluate(`scrollTo(0, ${bottom - 600})`)
  expect((await edges(field)).bottom).toBeGreaterThan((await edges(bar)).top)
  await field.evaluate((element) => element.focus())
  expect((await edges(field)).bottom).toBeLessThanOrEqual((await edges(bar)).top)
})

test('what begins like a code is one only where somebody says so', async () => {
  const mrn = await registered(clinic, 'Nyoman Sari')
  const { page } = await open(mrn)
  const field = page.getByLabel('Find a diagnosis')
  await field.fill('T38.5 demam')
  await page.getByRole('option', { name: 'T38.5 – demam, with this ICD-10 code' }).waitFor()
  await page.getByRole('option', { name: 'Write “T38.5 demam” in your own words' }).click()
  await field.fill('c50.9 kanker payudara')
  await page.getByRole('option', { name: 'C50.9 – kanker payudara, with this ICD-10 code' }).click()
  await save(page)
  await page.waitForURL(`**/patients/${mrn}`)
  const { body } = await clinic.admin.ask(`/fhir/Condition?patient=${mrn}`)
  const conditions = ((body as Bundle<Condition>).entry ?? []).map(({ resource }) => resource?.code)
  expect(conditions).toHaveLength(2)
  expect(conditions).toContainEqual({ text: 'T38.5 demam' })
  expect(conditions).toContainEqual({ coding: [expect.objectContaining({ code: 'C50.9' })], text: 'kanker payudara' })
})

test('a save that fails says so where one is, and takes nothing away', async () => {
  const mrn = await registered(clinic, 'Yuliana Wutun')
  const { page, expectFault } = await open(mrn)
  await page.getByLabel('Complaint').fill('Batuk')
  expectFault(/status of 500/)
  let answer = () => {}
  const answered = new Promise<void>((done) => {
    answer = done
  })
  await page.route('**/fhir', async (route) => {
    await answered
    await route.fulfill({ status: 500, json: { error: 'INTERNAL', reason: 'It is in the log under 01J.' } })
  })
  await save(page)
  // Nothing is typed that would not be in what was sent.
  await page.locator('textarea:disabled').first().waitFor()
  expect(await page.getByLabel('Complaint').isDisabled()).toBe(true)
  answer()
  const told = page.getByText('Something went wrong in Lontar. What you typed is still here')
  await told.waitFor()
  const box = await told.boundingBox()
  expect(box && box.y + box.height < 800).toBe(true)
  expect(await page.getByLabel('Complaint').isEnabled()).toBe(true)
  expect(await page.locator(':focus').textContent()).toBe('Save the visit')

  // Whatever becomes of a look at the record behind it, the form stays.
  await page.route('**/$everything*', (route) =>
    route.fulfill({ status: 500, json: { error: 'INTERNAL', reason: 'It is in the log under 01K.' } }),
  )
  await clinic.admin.ask('/fhir/AllergyIntolerance', {
    method: 'POST',
    body: { resourceType: 'AllergyIntolerance', patient: { reference: `Patient/${mrn}` }, code: { text: 'Udang' } },
  })
  for (let tries = 0; tries < 3; tries++)
    await page.waitForResponse((response) => response.url().includes('$everything'))
  expect(await page.getByLabel('Complaint').inputValue()).toBe('Batuk')
  await page.unrouteAll()
  // The page that comes next begins at its top, also where it is long enough to stand elsewhere.
  await page.setViewportSize({ width: 1280, height: 300 })
  await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)')
  expect(await page.evaluate('scrollY')).toBeGreaterThan(0)
  await save(page)
  await page.waitForURL(`**/patients/${mrn}`)
  await page.getByText('Batuk').waitFor()
  expect(await page.evaluate('document.documentElement.scrollHeight - innerHeight')).toBeGreaterThan(0)
  expect(await page.evaluate('scrollY')).toBe(0)
})

test('a record that is linked while somebody writes takes no form away', async () => {
  const mrn = await registered(clinic, 'Putu Ayu')
  const { page, expectFault } = await open(mrn)
  const complaint = page.getByLabel('Complaint')
  await complaint.fill('Batuk')
  expectFault(/status of 500/)
  let answer = () => {}
  const answered = new Promise<void>((done) => {
    answer = done
  })
  await page.route('**/fhir/Patient?_id=*', async (route) => {
    await answered
    await route.fulfill({ status: 500, json: { error: 'INTERNAL', reason: 'It is in the log under 01J.' } })
  })
  const isRead = page.waitForRequest(/Patient\?_id=/)
  await registered(clinic, 'Putu Ayu', { link: [{ other: { reference: `Patient/${mrn}` }, type: 'seealso' }] })
  await isRead
  await page.keyboard.type(' pilek')
  expect(await complaint.inputValue()).toBe('Batuk pilek')
  answer()
  await page.getByText('Something went wrong in Lontar.').waitFor()
  await page.keyboard.type(' demam')
  expect(await complaint.inputValue()).toBe('Batuk pilek demam')
})

test('a visit of the wrong patient is cancelled with all that was written at it, and the history says by whom', async () => {
  const mrn = await registered(clinic, 'Agus Priyanto')
  const { page } = await open(mrn)
  await page.getByLabel('Complaint').fill('Pusing')
  await page.getByLabel('Weight').fill('60')
  await page.getByRole('button', { name: 'Add an allergy' }).click()
  await page.getByRole('textbox', { name: 'Allergic to' }).fill('Udang')
  await save(page)
  await page.waitForURL(`**/patients/${mrn}`)

  const deeds = (title: string) => page.getByRole('button', { name: `Correct, cancel, history: ${title}`, exact: true })
  await deeds('Weight').click()
  await page.getByRole('menuitem', { name: 'Correct' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Value').fill('')
  await dialog.getByLabel('Reason').fill('salah ketik')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByText('Write a number.').waitFor()
  await dialog.getByLabel('Value').fill('600')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByText(/^Can’t be: it must lie between/).waitFor()
  await dialog.getByLabel('Value').fill('160')
  await dialog.getByRole('button', { name: 'Yes, it is so' }).click()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByText('160 kg').waitFor()

  await deeds('Pusing').click()
  await page.getByRole('menuitem', { name: 'Cancel as a mistake' }).click()
  await dialog.getByLabel('Also all 2 entries that were written at this visit').waitFor()
  expect(await barriersInBothLooks(page)).toEqual([])
  await dialog.getByLabel('Reason').fill('pasien salah')
  await dialog.getByRole('button', { name: 'Cancel as a mistake' }).click()
  await page.getByText('entered by mistake').nth(2).waitFor()
  await page.getByText('None recorded. Ask at the next visit.').waitFor()
  const { body } = await clinic.admin.ask(`/fhir/Patient/${mrn}/$everything`)
  const mistakes = ((body as Bundle<FhirResource>).entry ?? []).filter(({ resource }) =>
    JSON.stringify(resource).includes('entered-in-error'),
  )
  expect(mistakes.map(({ resource }) => resource?.resourceType).sort()).toEqual([
    'AllergyIntolerance',
    'Encounter',
    'Observation',
  ])

  await deeds('Weight').click()
  await page.getByRole('menuitem', { name: 'History' }).click()
  await dialog.getByText('“salah ketik”').waitFor()
  await dialog.getByText('“pasien salah”').waitFor()
  expect(await dialog.getByText(/· Budi Santoso$/).count()).toBe(3)
})

test('a part of a visit that a colleague corrects meanwhile is not cancelled unseen', async () => {
  const mrn = await registered(clinic, 'Ketut Rai')
  const { page, expectFault } = await open(mrn)
  await page.getByLabel('Complaint').fill('Lemas')
  await page.getByLabel('Weight').fill('60')
  await save(page)
  await page.waitForURL(`**/patients/${mrn}`)
  await page.getByRole('button', { name: 'Correct, cancel, history: Lemas', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Cancel as a mistake' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Reason').fill('pasien salah')

  const { body } = await clinic.admin.ask(`/fhir/Observation?patient=${mrn}`)
  const [weight] = ((body as Bundle<Observation>).entry ?? []).flatMap(({ resource }) => resource ?? [])
  const { status } = await clinic.admin.ask(`/fhir/Observation/${weight?.id}`, {
    method: 'PUT',
    body: { ...weight, valueQuantity: { ...weight?.valueQuantity, value: 61 } },
  })
  expect(status).toBe(200)
  await page.getByText('61 kg').waitFor()
  expectFault(/status of 41[02]|status of 409/)
  await dialog.getByRole('button', { name: 'Cancel as a mistake' }).click()
  await dialog.getByText('Somebody changed this meanwhile.').waitFor()
  await dialog.getByRole('button', { name: 'Show it as it is now' }).click()
  expect(await page.getByText('entered by mistake').count()).toBe(0)
})

test('a history that is long is shown in pages', async () => {
  const mrn = await registered(clinic, 'Lukas Mau')
  const write = (method: 'POST' | 'PUT', path: string, more: object) =>
    clinic.admin.ask(`/fhir/Condition${path}`, {
      method,
      body: { resourceType: 'Condition', subject: { reference: `Patient/${mrn}` }, code: { text: 'Asma' }, ...more },
    })
  const { id } = (await write('POST', '', {})).body as { id: string }
  for (let count = 0; count < 22; count++) await write('PUT', `/${id}`, { id, code: { text: `Asma ${count}` } })
  const { page } = await signedIn(browser, clinic, 'budi', `/patients/${mrn}`)
  await page.getByRole('button', { name: 'Correct, cancel, history: Asma 21' }).click()
  await page.getByRole('menuitem', { name: 'History' }).click()
  await page.getByText('Version 23 (as it is now)').waitFor()
  expect(await page.getByText('Version 1', { exact: true }).count()).toBe(0)
  // Whose change the last of them was is known by the version before it.
  const named = page.getByText(/· Siti Rahayu$/)
  expect(await named.count()).toBe(19)
  await page.getByRole('button', { name: 'Older versions' }).click()
  await page.getByText('Version 1', { exact: true }).waitFor()
  expect(await named.count()).toBe(23)
})
