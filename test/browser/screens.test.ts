import AxeBuilder from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { useBrowser } from '../support/browser'
import { type Clinic, type Name, signIn, startClinic } from '../support/clinic'
import { liveIn } from '../support/lived-in'
import { SCREENS } from '../support/screens'

const browser = useBrowser()
let clinic: Clinic
let mrn: string
beforeAll(async () => {
  clinic = await startClinic()
  mrn = await liveIn(clinic, 8)
}, 120_000)
afterAll(() => clinic.remove())

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
/** All screens of one person in one window. */
const OF: readonly (Name | undefined)[] = [undefined, 'rina', 'budi', 'siti']

describe.each(OF)('the screens of %s', (who) => {
  test.each([
    ['light', 1280],
    ['dark', 360],
  ] as const)('keep to WCAG 2.2 AA, and to the width of the window: %s, %i pixels', async (colorScheme, width) => {
    const { page } = await browser.open(`${clinic.edge.url}/sign-in`, { colorScheme, width })
    if (who) await signIn(page, who)
    for (const screen of SCREENS.filter((one) => one.who === who)) {
      await page.goto(`${clinic.edge.url}${screen.path.replace(':mrn', mrn)}`)
      await page.locator(screen.whole).first().waitFor()
      await screen.deed?.(page)
      const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze()
      const wrong = violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${screen.name}: ${id} ${html}`))
      expect(wrong).toEqual([])
      expect([screen.name, await widthsOf(page)]).toEqual([screen.name, { page: width, window: width }])
    }
  })
})

/** What is wider than the window must be scrolled sideways. */
function widthsOf(page: Page): Promise<{ page: number; window: number }> {
  return page.evaluate('({ page: document.documentElement.scrollWidth, window: innerWidth })')
}
