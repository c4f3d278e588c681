import type { Page } from 'playwright-core'
import { barriersOn } from '../support/barriers'
import { useBrowser } from '../support/browser'
import { type Clinic, type Name, PASSWORDS, startClinic } from '../support/clinic'
import { liveIn } from '../support/lived-in'
import { MODALS } from '../support/modals'
import { SCREENS } from '../support/screens'

const browser = useBrowser()
let clinic: Clinic
let mrn: string
beforeAll(async () => {
  clinic = await startClinic()
  mrn = await liveIn(clinic, 8)
}, 120_000)
afterAll(() => clinic.remove())

/** All screens of one person in one window. */
const OF: readonly (Name | undefined)[] = [undefined, 'rina', 'budi', 'siti']

describe.each(OF)('the screens of %s, and what opens over them', (who) => {
  test.each([
    ['light', 1280, 'en-GB'],
    ['dark', 360, 'id-ID'],
  ] as const)(
    'keep to WCAG 2.2 AA, and to the width of the window: %s, %i pixels, %s',
    async (colorScheme, width, locale) => {
      const { page } = await browser.open(`${clinic.edge.url}/sign-in`, { colorScheme, width, locale })
      // Colours on their way from one to the other are nobody's to read.
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      if (who) await enter(page, who)
      for (const screen of [...SCREENS, ...MODALS].filter((one) => one.who === who)) {
        await page.goto(`${clinic.edge.url}${screen.path.replace(':mrn', mrn)}`)
        await page.locator(screen.whole).first().waitFor()
        await screen.deed?.(page)
        expect([screen.name, ...(await barriersOn(page))]).toEqual([screen.name])
      }
    },
  )
})

/** In whichever language. */
async function enter(page: Page, who: Name): Promise<void> {
  await page.locator('input[autocomplete=username]').fill(who)
  await page.locator('input[autocomplete=current-password]').fill(PASSWORDS[who])
  await page.locator('button[type=submit]').click()
  await page.getByRole('banner').waitFor()
}
