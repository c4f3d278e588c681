import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Page } from 'playwright-core'

export const FOLDER = resolve('docs/screenshots')
export const VIEWPORT = { width: 1280, height: 800 }
const LANGUAGES = { id: 'id-ID', en: 'en-GB' } as const
const SCHEMES = ['light', 'dark'] as const
const QUALITY = 55
/** Charts are drawn in a moment. */
const SETTLED_MS = 400

export interface Look {
  readonly language: string
  readonly locale: string
  readonly colorScheme: 'light' | 'dark'
}

/** Both languages in both schemes. */
export const LOOKS: readonly Look[] = Object.entries(LANGUAGES).flatMap(([language, locale]) =>
  SCHEMES.map((colorScheme) => ({ language, locale, colorScheme })),
)

/** WebP, which Playwright itself does not make. */
export async function picture(page: Page, name: string, { language, colorScheme }: Look): Promise<void> {
  await page.waitForTimeout(SETTLED_MS)
  const line = await page.context().newCDPSession(page)
  const { data } = await line.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY })
  await writeFile(join(FOLDER, `${name}-${language}-${colorScheme}.webp`), Buffer.from(data, 'base64'))
}
