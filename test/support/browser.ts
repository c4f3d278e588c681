import { existsSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { faultsOf } from './page-faults'

/** Nothing but the programs of the test answers to this browser, and it asks nobody for updates. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
]
/** A busy machine is no fault of a page. */
const PATIENCE_MS = 60_000

export interface Screen {
  readonly page: Page
  /** What the page will complain of rightly, such as an answer 409: the messages that fit are no faults from here on. */
  expectFault(pattern: RegExp): void
  /** The window is closed, and its cookies are forgotten. */
  close(): Promise<void>
}

export interface ScreenOptions extends Pick<BrowserContextOptions, 'colorScheme' | 'ignoreHTTPSErrors'> {
  /** Default `en-GB`. */
  readonly locale?: string
  /** Default 1280. */
  readonly width?: number
  readonly height?: number
  /** Other programs that this page may ask. */
  readonly alsoAsks?: readonly string[]
}

export interface TestBrowser {
  /**
   * A window of somebody who was not here before, at this program, until the test ends. An error of the page, one on its console, a violation of
   * its content security policy or a request to anybody else fails the test.
   */
  open(url: string, options?: ScreenOptions): Promise<Screen>
}

/** Chromium for the tests of a file; started before the first and ended after the last of them. */
export function useBrowser(): TestBrowser {
  let browser: Browser | undefined
  const screens = new Map<Screen, () => readonly string[]>()
  beforeAll(async () => {
    browser = await launchChromium()
  }, PATIENCE_MS)
  afterEach(async () => {
    const faults = [...screens.values()].flatMap((faults) => faults())
    await Promise.all([...screens.keys()].map((screen) => screen.close()))
    screens.clear()
    expect(faults).toEqual([])
  }, PATIENCE_MS)
  afterAll(() => browser?.close())

  return {
    open: async (url, options = {}) => {
      if (!browser) throw new Error('the browser is started before the first test')
      const { locale = 'en-GB', width = 1280, height = 800, alsoAsks = [], ...more } = options
      const context = await browser.newContext({ locale, viewport: { width, height }, ...more })
      context.setDefaultTimeout(PATIENCE_MS)
      const page = await context.newPage()
      const { expectFault, unexpected } = await faultsOf(page, [url, ...alsoAsks])
      const screen: Screen = { page, expectFault, close: () => context.close() }
      screens.set(screen, unexpected)
      await page.goto(url)
      return screen
    },
  }
}

/** Debian's, or the one that CHROMIUM names. */
export function launchChromium(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
  if (!existsSync(executablePath))
    throw new Error(`There is no browser at ${executablePath}: apt-get install chromium, or set CHROMIUM to one.`)
  return chromium.launch({ executablePath, args: FLAGS })
}
