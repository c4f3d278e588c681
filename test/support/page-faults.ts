import type { Page } from 'playwright-core'

/** Chromium tells the console most violations, but not those that it only reports. */
const TELL_VIOLATIONS = `addEventListener('securitypolicyviolation', (event) =>
  console.error('CSP: ' + event.violatedDirective + ' ' + event.blockedURI))`

/** A page that loads nothing has these of its own. */
const OWN_SCHEMES = ['data:', 'blob:', 'about:']

/** Everything that a page may not do, as sentences. */
export async function faultsOf(
  page: Page,
  asks: readonly string[],
): Promise<{ expectFault: (pattern: RegExp) => void; unexpected: () => readonly string[] }> {
  const origins = asks.map((url) => new URL(url).origin)
  const expected: RegExp[] = []
  const faults: string[] = []
  const note = (fault: string) => {
    if (!expected.some((pattern) => pattern.test(fault))) faults.push(fault)
  }
  await page.addInitScript({ content: TELL_VIOLATIONS })
  page.on('pageerror', (error) => note(`error: ${error.stack ?? error.message}`))
  page.on('crash', () => note('the page crashed'))
  page.on('console', (message) => {
    const kind = message.type()
    if (kind === 'error' || kind === 'warning') note(`${kind}: ${message.text()} (${message.location().url})`)
  })
  page.context().on('request', (request) => {
    const url = new URL(request.url())
    if (!OWN_SCHEMES.includes(url.protocol) && !origins.includes(url.origin)) note(`asked ${url.origin}`)
  })
  return { expectFault: (pattern) => void expected.push(pattern), unexpected: () => faults }
}
