import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { PASSWORDS, Browser as Visitor } from '../test/edge/people/signed-in'
import { launchChromium } from '../test/support/browser'
import { type Clinic, type Name, startClinic } from '../test/support/clinic'
import { liveIn } from '../test/support/lived-in'
import { until } from '../test/support/processes'
import { SCREENS } from '../test/support/screens'

const FOLDER = resolve('docs/screenshots')
const LANGUAGES = { id: 'id-ID', en: 'en-GB' } as const
const SCHEMES = ['light', 'dark'] as const
const PATIENTS = 12
const QUALITY = 55
/** Charts are drawn in a moment. */
const SETTLED_MS = 400

/**
 * `npm run screenshots`: every screen of the clinic's app in both languages and both schemes, from a real edge and hub with
 * made-up people, into docs/screenshots. A word behind it makes only the screens whose names begin so.
 */
async function main(): Promise<void> {
  const [only = ''] = process.argv.slice(2)
  if (only === '') await rm(FOLDER, { recursive: true, force: true })
  await mkdir(FOLDER, { recursive: true })
  const clinic = await startClinic()
  const browser = await launchChromium()
  try {
    const mrn = await liveIn(clinic, PATIENTS)
    await until('all is safe', async () => {
      const { body } = await clinic.admin.ask('/status')
      return (body as { sync: { pendingDocuments: number } }).sync.pendingDocuments === 0
    })
    for (const [language, locale] of Object.entries(LANGUAGES))
      for (const colorScheme of SCHEMES) await shoot(browser, clinic, mrn, only, { language, locale, colorScheme })
  } finally {
    await browser.close()
    await clinic.remove()
  }
}

interface Look {
  readonly language: string
  readonly locale: string
  readonly colorScheme: 'light' | 'dark'
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
    await page.waitForTimeout(SETTLED_MS)
    await writeFile(join(FOLDER, `${name}-${look.language}-${look.colorScheme}.webp`), await pictureOf(page))
    await context.close()
  }
}

const VIEWPORT = { width: 1280, height: 800 }

/** WebP, which Playwright itself does not make. */
async function pictureOf(page: Page): Promise<Buffer> {
  const line = await page.context().newCDPSession(page)
  const { data } = await line.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY })
  return Buffer.from(data, 'base64')
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
