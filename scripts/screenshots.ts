import { mkdir, rm } from 'node:fs/promises'
import type { Browser } from 'playwright-core'
import { PASSWORDS, Browser as Visitor } from '../test/edge/people/signed-in'
import { launchChromium } from '../test/support/browser'
import { type Clinic, type Name, startClinic } from '../test/support/clinic'
import { liveIn } from '../test/support/lived-in'
import { until } from '../test/support/processes'
import { SCREENS } from '../test/support/screens'
import { shootConsole } from './screenshots/console'
import { FOLDER, LOOKS, type Look, picture, VIEWPORT } from './screenshots/picture'

const PATIENTS = 12

/**
 * `npm run screenshots`: every screen of the clinic's app, and the console's, in both languages and both schemes, from a real edge and
 * hub with made-up people, into docs/screenshots. A word behind it makes only the screens whose names begin so.
 */
async function main(): Promise<void> {
  const [only = ''] = process.argv.slice(2)
  if (only === '') await rm(FOLDER, { recursive: true, force: true })
  await mkdir(FOLDER, { recursive: true })
  const browser = await launchChromium()
  try {
    if (SCREENS.some(({ name }) => name.startsWith(only))) await shootClinic(browser, only)
    await shootConsole(browser, only)
  } finally {
    await browser.close()
  }
}

async function shootClinic(browser: Browser, only: string): Promise<void> {
  const clinic = await startClinic()
  try {
    const mrn = await liveIn(clinic, PATIENTS)
    await until('all is safe', async () => {
      const { body } = await clinic.admin.ask('/status')
      return (body as { sync: { pendingDocuments: number } }).sync.pendingDocuments === 0
    })
    for (const look of LOOKS) await shoot(browser, clinic, mrn, only, look)
  } finally {
    await clinic.remove()
  }
}

async function shoot(browser: Browser, clinic: Clinic, mrn: string, only: string, look: Look): Promise<void> {
  const { url } = clinic.edge
  for (const { name, who, path, whole, deed } of SCREENS.filter((one) => one.name.startsWith(only))) {
    const context = await browser.newContext({ locale: look.locale, colorScheme: look.colorScheme, viewport: VIEWPORT })
    if (who) await context.addCookies([{ ...(await cookieOf(url, who)), url }])
    const page = await context.newPage()
    await page.goto(`${url}${path.replace(':mrn', mrn)}`)
    await page.locator(whole).first().waitFor()
    await deed?.(page)
    await picture(page, name, look)
    await context.close()
  }
}

const cookies = new Map<Name, { name: string; value: string }>()

async function cookieOf(url: string, who: Name): Promise<{ name: string; value: string }> {
  const kept = cookies.get(who)
  if (kept) return kept
  const visitor = new Visitor(url)
  await visitor.signIn(who, PASSWORDS[who])
  const [name = '', value = ''] = visitor.cookie.split('=')
  cookies.set(who, { name, value })
  return { name, value }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`)
  process.exitCode = 1
})
