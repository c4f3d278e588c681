import type { Page } from 'playwright-core'
import { documentOf } from '../hub/statistics/documents'
import { useBrowser } from '../support/browser'
import { NOT_SIGNED_IN, signIn } from '../support/console'
import { type RunningHub, startHub } from '../support/hub'
import { counted } from '../support/simulated'

/** Public health in the console, while the hub takes its time. */
const MINUTES = 60_000
const browser = useBrowser()
let hub: RunningHub

const NOVEMBER = 'from=2026-11-16&to=2026-11-22'

beforeAll(async () => {
  hub = await startHub()
  const visits = (facility: string, many: number) =>
    Array.from({ length: many }, () =>
      documentOf(facility, 'Encounter', { status: 'finished', period: { start: '2026-11-18T02:00:00.000Z' } }),
    )
  const colds = Array.from({ length: 31 }, () =>
    documentOf('101', 'Condition', {
      code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'J06.9' }] },
      recordedDate: '2026-11-18',
    }),
  )
  const docs = [...visits('101', 11), ...visits('102', 22), ...colds]
  expect((await hub.couch('/ehr/_bulk_docs', { method: 'POST', body: { docs } })).status).toBe(201)
  await counted(hub, `/operator/statistics/visits?by=facility&${NOVEMBER}`)
}, 4 * MINUTES)
afterAll(() => hub?.remove())

/** At a question, once the hub's answers to it go through `answer`. */
async function healthAt(query: string, answer: Parameters<Page['route']>[1]): Promise<Page> {
  const { page, expectFault } = await browser.open(`${hub.url}/console/health?${query}`)
  expectFault(NOT_SIGNED_IN)
  expectFault(/503 \(Service Unavailable\).*\/operator\/statistics/)
  await page.route('**/operator/statistics/**', answer)
  await signIn(page, { name: 'operator', password: hub.operatorPassword })
  return page
}

const NOT_READY = { error: 'COUNTS_NOT_READY', reason: 'The counts are being made from what is there; try again.' }

test(
  'while the first counts are made the page says so quietly, and has them by itself in the end',
  async () => {
    let asked = 0
    const page = await healthAt(`by=facility&${NOVEMBER}`, async (route) => {
      asked++
      if (asked > 3) await route.continue()
      else await route.fulfill({ status: 503, json: NOT_READY, headers: { 'retry-after': '30' } })
    })
    await page.getByRole('status').filter({ hasText: 'The counts are being prepared' }).waitFor()
    // Whatever comes and goes between two looks.
    await page.evaluate(`
      globalThis.alerts = 0
      globalThis.quiet = document.querySelector('#content [role=status]')
      new MutationObserver(() => { alerts += document.querySelectorAll('[role=alert]').length })
        .observe(document.body, { childList: true, subtree: true })`)
    await page.waitForRequest('**/operator/statistics/**')
    expect(await page.evaluate('quiet.isConnected')).toBe(true)
    await page.getByRole('cell', { name: '22', exact: true }).waitFor()
    expect(asked).toBe(4)
    expect(await page.evaluate('alerts')).toBe(0)
  },
  2 * MINUTES,
)

test(
  'numbers of another question do not stand under the new one until its answer comes',
  async () => {
    const waiting: (() => void)[] = []
    let isHeld = false
    const page = await healthAt(`by=week&${NOVEMBER}`, async (route) => {
      if (isHeld) await new Promise<void>((resolve) => waiting.push(resolve))
      await route.continue()
    })
    const answer = () => {
      isHeld = false
      for (const go of waiting.splice(0)) go()
    }
    const to = async (query: string) => {
      await page.evaluate(`history.pushState(null, '', '/console/health?${query}')
        dispatchEvent(new PopStateEvent('popstate'))`)
    }
    await page.getByRole('cell', { name: '33', exact: true }).waitFor()
    isHeld = true
    await to(`by=week&facility=102&${NOVEMBER}`)
    await page.getByText('Counting …').waitFor()
    expect(await page.getByRole('cell').count()).toBe(0)
    answer()
    await page.getByRole('cell', { name: '22', exact: true }).waitFor()

    await to(`measure=diagnoses&by=week&group=J00-J06&${NOVEMBER}`)
    await page.getByText('Only Acute infections of the upper airways').waitFor()
    isHeld = true
    await to(`measure=diagnoses&by=week&group=A92-A99&${NOVEMBER}`)
    await page.getByText('Only A92-A99').waitFor()
    answer()
    await page.getByText('Only Viral fevers, dengue among them').waitFor()
  },
  2 * MINUTES,
)
