import type { Browser, Page } from 'playwright-core'
import { mrnOf } from '../../protocol/mrn'
import { askJson, basic } from '../../test/support/ask'
import { type RunningHub, startHub } from '../../test/support/hub'
import { counted, simulateFacilities } from '../../test/support/simulated'
import { LOOKS, picture, VIEWPORT } from './picture'

const FACILITIES = 60
const ODD = { silent: 3, behind: 4, refused: 2, waiting: 2 }
/** One of the simulated ones, and its first patient. */
const NODE = 'node-3010'
/** Where it stands in the list of purposes that the patient asked for it. */
const PATIENT_ASKED = 5
const REASON = 'Tidak sadar saat tiba di IGD'

interface Screen {
  readonly name: string
  readonly path: string
  /** What is there when the screen is whole, in whichever language. */
  readonly whole: string
  /** What is done before the picture is taken. */
  readonly deed?: (page: Page, mrn: string) => Promise<void>
}

const SCREENS: readonly Screen[] = [
  { name: 'console-today', path: '/today', whole: '.today-nodes' },
  { name: 'console-registrations', path: '/registrations', whole: 'article' },
  { name: 'console-facilities', path: '/facilities', whole: 'tbody tr' },
  { name: 'console-facility', path: `/facilities/${NODE}`, whole: '#configuration' },
  { name: 'console-fared', path: `/facilities/${NODE}`, whole: '.recharts-area', deed: toTheEnd },
  { name: 'console-refused', path: '/refused', whole: '#documents' },
  { name: 'console-records', path: '/records', whole: 'form', deed: readRecord },
  { name: 'console-audit', path: '/audit', whole: 'tbody tr' },
  { name: 'console-disclosures', path: '/audit/patient?mrn=:mrn', whole: '.kit-surface' },
  { name: 'console-broken-glass', path: '/audit/broken-glass', whole: '.kit-surface' },
  { name: 'console-chains', path: '/audit/chains', whole: 'main button' },
  { name: 'console-operators', path: '/operators', whole: 'tbody tr:nth-child(3)' },
  { name: 'console-settings', path: '/settings', whole: 'dl' },
  { name: 'console-alerts', path: '/alerts', whole: '.alerts-list' },
  { name: 'console-health', path: '/health?by=district&from=:since', whole: '.recharts-bar-rectangle' },
  { name: 'console-weekly', path: '/health?by=district&weekly=1', whole: '.health-weekly' },
]
const DAY_MS = 86_400_000
/** So long that most districts have numbers that are told. */
const SINCE_MS = 700 * DAY_MS

/** The ministry's console, looking after made-up facilities. */
export async function shootConsole(browser: Browser, only: string): Promise<void> {
  const screens = SCREENS.filter(({ name }) => name.startsWith(only))
  if (screens.length === 0) return
  const hub = await startHub({ HUB_ALERT_SECONDS: '1' })
  const since = new Date(Date.now() - SINCE_MS).toISOString().slice(0, 10)
  try {
    await simulateFacilities(hub, FACILITIES, ODD)
    await counted(hub, `/operator/statistics/visits?by=district&from=${since}`)
    const mrn = await livedIn(hub)
    await reported(hub)
    for (const look of LOOKS) {
      const { locale, colorScheme } = look
      const context = await browser.newContext({ locale, colorScheme, viewport: VIEWPORT })
      const page = await context.newPage()
      await page.goto(`${hub.url}/console/today`)
      await page.locator('input[autocomplete=username]').fill('operator')
      await page.locator('input[type=password]').fill(hub.operatorPassword)
      await page.locator('button[type=submit]').click()
      await page.locator('nav').first().waitFor()
      for (const { name, path, whole, deed } of screens) {
        await page.goto(`${hub.url}/console${path.replace(':since', since).replace(':mrn', mrn)}`)
        await page.locator(whole).first().waitFor()
        await deed?.(page, mrn)
        await picture(page, name, look)
      }
      await context.close()
    }
  } finally {
    await hub.remove()
  }
}

/** Colleagues with other roles, and a record that one of them has opened in an emergency. Its number. */
async function livedIn(hub: RunningHub): Promise<string> {
  const password = 'empat kuda di pantai'
  for (const [name, role] of Object.entries({
    'siti.rahayu': 'operator',
    'budi.santoso': 'viewer',
    'maria.tapilatu': 'auditor',
  })) {
    await hub.operator('/operator/operators', { method: 'POST', body: { name, role, password } })
  }
  const mrn = mrnOf(NODE.slice('node-'.length), 1)
  const headers = { 'Purpose-Of-Use': 'BTG', Reason: REASON }
  await askJson(`${hub.url}/operator/records/${mrn}`, basic('siti.rahayu', password), { headers })
  return mrn
}

/** What the facility would have said of itself in the days before, hour by hour: most goes out at night, when the link is there. */
async function reported(hub: RunningHub): Promise<void> {
  const docs = [1, 2, 3, 4, 5, 6].map((ago) => {
    const day = new Date(Date.now() - ago * DAY_MS).toISOString().slice(0, 10)
    const points = Array.from({ length: 24 }, (_, hour) => ({
      hour: `${day}T${String(hour).padStart(2, '0')}:00:00.000Z`,
      backlogDocuments: hour < 6 ? 0 : (hour - 5) * (14 + ago),
      backlogBytes: hour < 6 ? 0 : (hour - 5) * (14 + ago) * 900,
      refusedDocuments: ago === 3 ? 2 : 0,
      bytesToday: (hour + 1) * (40_000 + ago * 9_000),
      freeDiskBytes: (70 + ago) * 1e9,
      uptimeSeconds: ((7 - ago) * 24 + hour) * 3_600,
    }))
    return { _id: `series:${day}:${NODE}`, kind: 'series', nodeName: NODE, day, points }
  })
  await hub.couch('/nodes/_bulk_docs', { method: 'POST', body: { docs } })
}

async function toTheEnd(page: Page): Promise<void> {
  await page.evaluate('scrollTo(0, document.body.scrollHeight)')
}

/** Without a word of the page, which is in two languages. */
async function readRecord(page: Page, mrn: string): Promise<void> {
  await page.locator('form input').first().fill(mrn)
  await page.locator('form input[aria-haspopup=listbox]').click()
  await page.locator('[role=option]').nth(PATIENT_ASKED).click()
  await page.locator('form button[type=submit]').click()
  await page.locator('article').first().waitFor()
}
