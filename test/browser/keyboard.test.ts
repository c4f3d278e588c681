import type { Page } from 'playwright-core'
import { useBrowser } from '../support/browser'
import { type Clinic, PASSWORDS, startClinic } from '../support/clinic'

const browser = useBrowser()
let clinic: Clinic
beforeAll(async () => {
  clinic = await startClinic()
}, 120_000)
afterAll(() => clinic.remove())

const MOST_TABS = 60

/** Tab by tab, as a person goes; what has the focus can be seen each time. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let tabs = 0; tabs < MOST_TABS; tabs++) {
    await page.keyboard.press('Tab')
    const at = await focused(page)
    // Between the last and the first the browser's own buttons have it.
    if (!at) continue
    expect([at.name, at.isSeen]).toEqual([at.name, true])
    if (name.test(at.name)) return
  }
  throw new Error(`${MOST_TABS} tabs do not reach ${name}`)
}

/** A ring, or a border of another colour than when it is left; within the window. */
function focused(page: Page): Promise<{ name: string; isSeen: boolean } | undefined> {
  return page.evaluate(`(() => {
    const at = document.activeElement
    if (at === document.body) return undefined
    const label = at.labels?.[0]?.textContent ?? at.getAttribute('aria-label') ?? at.textContent
    const ring = (element) => {
      const { outlineStyle, outlineWidth, borderColor, boxShadow } = getComputedStyle(element)
      return outlineStyle !== 'none' && outlineWidth !== '0px' ? 'ring' : borderColor + boxShadow
    }
    const box = at.getBoundingClientRect()
    const isThere = box.width > 0 && box.bottom > 0 && box.top < innerHeight
    // A border changes its colour in a moment; what counts is what it comes to.
    at.style.transition = 'none'
    const now = ring(at)
    at.blur()
    const after = ring(at)
    at.focus()
    return { name: label.trim(), isSeen: isThere && (now === 'ring' || now !== after) }
  })()`)
}

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
