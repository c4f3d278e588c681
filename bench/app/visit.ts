import type { Browser, BrowserContext, Page } from 'playwright-core'

export interface Seen {
  readonly browser: Browser
  readonly url: string
  /** Of somebody who is signed in. */
  readonly cookie: string
  /** So many times slower than this machine. */
  readonly slowdown: number
}

/** When the first patient is drawn, and can be clicked; the field to search in has been there before. */
const NOTE_USABLE = `new MutationObserver((_, observer) => {
  if (!document.querySelector('.patients-list a')) return
  observer.disconnect()
  requestAnimationFrame(() => setTimeout(() => { console.info('usable', performance.now()) }))
}).observe(document, { childList: true, subtree: true })`

/** The list of patients in a browser that has never been here, and once more. */
export async function visit(seen: Seen): Promise<{ bytes: number; firstMs: number; nextMs: number }> {
  const context = await signedIn(seen)
  const page = await context.newPage()
  const line = await slowed(page, seen)
  await page.addInitScript({ content: NOTE_USABLE })
  let bytes = 0
  await line.send('Network.enable')
  line.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength
  })
  const firstMs = await usableMs(page, seen.url)
  const first = { bytes, firstMs }
  const nextMs = await usableMs(page, seen.url)
  await context.close()
  return { ...first, nextMs }
}

export async function signedIn({ browser, url, cookie }: Seen): Promise<BrowserContext> {
  const context = await browser.newContext({ locale: 'id-ID' })
  const [name = '', value = ''] = cookie.split('=')
  await context.addCookies([{ name, value, url }])
  return context
}

export async function slowed(page: Page, { slowdown }: Seen) {
  const line = await page.context().newCDPSession(page)
  await line.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
  return line
}

async function usableMs(page: Page, url: string): Promise<number> {
  const noted = page.waitForEvent('console', {
    predicate: (message) => message.text().startsWith('usable '),
    timeout: 120_000,
  })
  await page.goto(`${url}/patients`)
  return Number((await noted).text().split(' ')[1])
}
