import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { launchChromium } from '../support/browser'
import { faultsOf } from '../support/page-faults'
import { until } from '../support/processes'

let browser: Browser
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())

const POLICY = "default-src 'none'; script-src 'self'; img-src *"

test.each([
  ['an error', 'throw new Error("x")', /^error: Error: x/],
  ['a promise that nobody catches', 'Promise.reject(new Error("x"))', /^error: Error: x/],
  ['an error on the console', 'console.error("x")', /^error: x/],
  ['a warning on the console', 'console.warn("x")', /^warning: x/],
  ['a violation of the policy', 'fetch("/")', /CSP: connect-src/],
  ['a request to elsewhere', 'new Image().src = "http://192.0.2.1/x.png"', /^asked http:\/\/192\.0\.2\.1/],
  ['what the program does not have', 'new Image().src = "/none.png"', /^error: .*404/],
])('%s is a fault of a page', async (_what, script, fault) => {
  const server = createServer(({ url }, response) => {
    response.setHeader('Content-Security-Policy', POLICY)
    if (url === '/') response.setHeader('Content-Type', 'text/html').end('<script src="/app.js"></script>')
    else if (url === '/app.js') response.setHeader('Content-Type', 'text/javascript').end(script)
    else response.writeHead(url === '/favicon.ico' ? 204 : 404).end()
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const page = await browser.newPage()
  const { unexpected } = await faultsOf(page, [url])
  await page.goto(url)
  await until('it is noticed', async () => unexpected().some((one) => fault.test(one)))
  await page.close()
  server.close()
})
