import type { Page } from 'playwright-core'
import type { TestBrowser } from './browser'
import type { RunningHub } from './hub'

/** Before anybody is signed in the hub says so, which the console reports as a failed request. */
export const NOT_SIGNED_IN = /401 \(Unauthorized\).*\/operator\/session/
const NO_RECEIPT = /404 \(Not Found\).*\/receipt/

/** The console at one of its addresses, before anybody signs in. */
export async function consoleAt(browser: TestBrowser, hub: RunningHub, at: string): Promise<Page> {
  const { page, expectFault } = await browser.open(`${hub.url}/console${at}`)
  expectFault(NOT_SIGNED_IN)
  expectFault(NO_RECEIPT)
  return page
}

export interface Credentials {
  readonly name: string
  readonly password: string
  readonly totp?: string
}

export async function signIn(page: Page, { name, password, totp = '' }: Credentials): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByLabel('Code of your authenticator').fill(totp)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** The same, with the first operator or another one signed in. */
export async function signedInAt(
  browser: TestBrowser,
  hub: RunningHub,
  at: string,
  who: Credentials = { name: 'operator', password: hub.operatorPassword },
): Promise<Page> {
  const page = await consoleAt(browser, hub, at)
  await signIn(page, who)
  await page.getByRole('navigation').first().waitFor()
  return page
}
