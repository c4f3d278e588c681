import type { Browser } from 'playwright-core'
import { startHub } from '../../test/support/hub'
import { counted, simulateFacilities } from '../../test/support/simulated'
import { LOOKS, picture, VIEWPORT } from './picture'

const FACILITIES = 60
const ODD = { silent: 3, behind: 4, refused: 2, waiting: 2 }
/** What is there when the screen is whole, in whichever language. */
const SCREENS = [
  { name: 'console-today', path: '/today', whole: '.today-nodes' },
  { name: 'console-registrations', path: '/registrations', whole: 'article' },
  { name: 'console-facilities', path: '/facilities', whole: 'tbody tr' },
  { name: 'console-facility', path: '/facilities/node-3010', whole: '#configuration' },
  { name: 'console-alerts', path: '/alerts', whole: '.alerts-list' },
  { name: 'console-health', path: '/health?by=district&from=:year', whole: '.recharts-bar-rectangle' },
] as const
const YEAR_MS = 365 * 86_400_000

/** The ministry's console, looking after made-up facilities. */
export async function shootConsole(browser: Browser, only: string): Promise<void> {
  const screens = SCREENS.filter(({ name }) => name.startsWith(only))
  if (screens.length === 0) return
  const hub = await startHub({ HUB_ALERT_SECONDS: '1' })
  const year = new Date(Date.now() - YEAR_MS).toISOString().slice(0, 10)
  try {
    await simulateFacilities(hub, FACILITIES, ODD)
    await counted(hub, `/operator/statistics/visits?by=district&from=${year}`)
    for (const look of LOOKS) {
      const { locale, colorScheme } = look
      const context = await browser.newContext({ locale, colorScheme, viewport: VIEWPORT })
      const page = await context.newPage()
      await page.goto(`${hub.url}/console/today`)
      await page.locator('input[autocomplete=username]').fill('operator')
      await page.locator('input[type=password]').fill(hub.operatorPassword)
      await page.locator('button[type=submit]').click()
      await page.locator('nav').first().waitFor()
      for (const { name, path, whole } of screens) {
        await page.goto(`${hub.url}/console${path.replace(':year', year)}`)
        await page.locator(whole).first().waitFor()
        await picture(page, name, look)
      }
      await context.close()
    }
  } finally {
    await hub.remove()
  }
}
