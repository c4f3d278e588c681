import { readFile } from 'node:fs/promises'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import type { NodeSummary, RegistrationList } from '../../schemas/generated/types'
import { useBrowser } from '../support/browser'
import { signedInAt } from '../support/console'
import { acceptEdge, type RunningEdge, startEdge } from '../support/edge'
import { type RunningHub, startHub } from '../support/hub'
import { until } from '../support/processes'

/** Operators at the console of a real hub, with real facilities. */
const MINUTES = 60_000
const browser = useBrowser()
let hub: RunningHub
let home: RunningEdge
let away: RunningEdge
let mrn = ''

beforeAll(async () => {
  hub = await startHub()
  home = await startEdge('101', hub.url)
  away = await startEdge('102', hub.url)
  await acceptEdge(hub, home)
  const patient = { resourceType: 'Patient', name: [{ text: 'Sri Lestari' }], birthDate: '1980-05-12' }
  mrn = ((await home.ask('/fhir/Patient', { method: 'POST', body: patient })).body as { id: string }).id
  // As many as are told.
  for (let more = 0; more < 5; more++) await home.ask('/fhir/Patient', { method: 'POST', body: patient })
  await home.synced()
}, 4 * MINUTES)

afterAll(async () => {
  await home?.remove()
  await away?.remove()
  await hub?.remove()
})

const signedIn = (at: string) => signedInAt(browser, hub, at)

async function nodeOf(externalId: string): Promise<NodeSummary | undefined> {
  const { nodes } = (await hub.operator('/operator/nodes')).body as { nodes: NodeSummary[] }
  return nodes.find((node) => node.externalId === externalId)
}

test(
  'a facility is accepted by the code that it reads out, and by no other',
  async () => {
    const { pairingCode } = await until('the facility asks', async () => {
      const { registrations } = (await hub.operator('/operator/registrations?status=pending')).body as RegistrationList
      return registrations[0]
    })
    const page = await signedIn('/registrations')
    const request = page.getByRole('article', { name: /Facility 102/ })
    await request.getByText(`${pairingCode.slice(0, 4)} ${pairingCode.slice(4)}`).waitFor()
    await request.getByRole('button', { name: 'Accept' }).click()
    const question = page.getByRole('dialog')
    const accept = question.getByRole('button', { name: 'Accept' })
    const code = question.getByLabel('The code that they read out')
    await code.fill('0000-0000')
    await question.getByText('Do not accept it').waitFor()
    expect(await accept.isDisabled()).toBe(true)
    await code.fill(`${pairingCode.slice(0, 4)} ${pairingCode.slice(4)}`.toLowerCase())
    await accept.click()
    await question.waitFor({ state: 'detached' })
    await until('it is accepted', async () => (await nodeOf('102')) !== undefined)
    await until('the facility knows', async () => (await away.status()).registration.status === 'accepted')
  },
  3 * MINUTES,
)

test(
  'a suspension arrives at the facility, and ends when it is resumed',
  async () => {
    const page = await signedIn('/facilities/node-101')
    await page.getByRole('button', { name: 'Suspend' }).click()
    const question = page.getByRole('dialog')
    await question.getByLabel('Reason').fill('The computer was stolen.')
    await question.getByRole('button', { name: 'Suspend' }).click()
    await page.getByText('The computer was stolen.').waitFor()
    await home.ask('/fhir/Patient', { method: 'POST', body: { resourceType: 'Patient', name: [{ text: 'Budi' }] } })
    await until('the edge says it', async () => /suspend/i.test(JSON.stringify((await home.status()).attention ?? '')))
    await page.getByRole('button', { name: 'Resume' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click()
    await page.getByRole('button', { name: 'Suspend' }).waitFor()
    await home.synced()
  },
  4 * MINUTES,
)

test(
  'broken glass is reviewed and signed for, and the audit is saved and found whole',
  async () => {
    await until('it is accepted', async () => (await nodeOf('102')) !== undefined)
    const accept = () => hub.operator('/operator/nodes/node-102/data-access/accept', { method: 'POST', body: {} })
    await until('it has asked for data access, and has it', async () => {
      await away.ask('/data-access', { method: 'POST', body: {} })
      return (await accept()).status === 200
    })
    const body = { mrn, purpose: 'BTG', reason: 'Unconscious on arrival' }
    expect((await away.ask('/imports', { method: 'POST', body })).status).toBeLessThan(300)
    const open = async () => ((await hub.operator('/operator/btg?status=open')).body as { entries: unknown[] }).entries
    await until('the glass is broken', async () => (await open()).length > 0, 2 * MINUTES)

    const page = await signedIn('/audit/broken-glass')
    await page.getByText('Unconscious on arrival').waitFor()
    await page.getByRole('button', { name: 'Review' }).click()
    const question = page.getByRole('dialog')
    await question.getByLabel('Finding').fill('Confirmed with the ward by phone.')
    await question.getByRole('button', { name: 'Sign' }).click()
    await page.getByText('Nothing is left to review.').waitFor()
    expect(await open()).toEqual([])

    await page.getByRole('tab', { name: 'Search' }).click()
    await page.getByText('Reviewed broken glass').waitFor()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: /^CSV/ }).click(),
    ])
    expect(await readFile(await download.path(), 'utf8')).toContain(',BTG,Unconscious on arrival,')

    await page.getByRole('tab', { name: 'Is it whole?' }).click()
    await page.getByRole('button', { name: 'Check all entries' }).click()
    await page.getByText('The audit is whole').waitFor()
  },
  4 * MINUTES,
)

async function violationsIn(page: Page): Promise<unknown[]> {
  const axe = new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
  const { violations } = await axe.analyze()
  return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 200))])
}

const SCREENS = [
  '/today',
  '/registrations',
  '/facilities',
  '/facilities/node-101',
  '/refused',
  '/alerts',
  '/health',
  '/records',
  '/audit',
  '/audit/patient',
  '/audit/broken-glass',
  '/audit/chains',
  '/operators',
  '/account',
  '/settings',
]
/** Has more weeks than go into a window. */
const WEEKLY = '/health?measure=births&by=facility&weekly=1&from=1980-01-01&to=1980-12-31'

test.each([...SCREENS.map((at): [string, string] => [at, 'h1']), [WEEKLY, '.health-weekly']])(
  '%s can be used by everybody, and is no wider than a telephone',
  async (at, whole) => {
    const page = await signedIn(at)
    await page.locator(whole).first().waitFor()
    await page.waitForLoadState('networkidle')
    expect(await violationsIn(page)).toEqual([])
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
    const scheme = 'document.documentElement.dataset.mantineColorScheme'
    await until('it is dark', async () => (await page.evaluate(scheme)) === 'dark')
    expect(await violationsIn(page)).toEqual([])
    await page.setViewportSize({ width: 360, height: 780 })
    // The frame moves its parts in their time.
    const excess = 'document.documentElement.scrollWidth - innerWidth'
    await until('it fits', async () => ((await page.evaluate(excess)) as number) <= 0)
  },
  2 * MINUTES,
)

test(
  'each page says in the window’s title what it is, in both languages',
  async () => {
    const page = await signedIn('/today')
    for (const language of ['English', 'Bahasa Indonesia']) {
      await page.getByRole('button', { name: /^(Language|Bahasa)$/ }).click()
      await page.getByRole('menuitem', { name: language }).click()
      const titles: string[] = []
      for (const at of SCREENS) {
        await page.goto(`${hub.url}/console${at}`)
        await page.getByRole('heading', { level: 1 }).waitFor()
        titles.push(await page.title())
      }
      expect(new Set(titles).size).toBe(titles.length)
      // Nor is there a key in place of its words.
      expect(titles.filter((title) => !/^[^.]+ · Lontar$/.test(title))).toEqual([])
    }
  },
  4 * MINUTES,
)
