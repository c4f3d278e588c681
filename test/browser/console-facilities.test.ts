import { readFile } from 'node:fs/promises'
import { Secret, TOTP } from 'otpauth'
import type {
  AlertSettings,
  AuditList,
  BudgetUseReport,
  RefusedList,
  RegistrationList,
  Statistics,
} from '../../schemas/generated/types'
import type { PlannedFacility } from '../../scripts/simulate/plan'
import { useBrowser } from '../support/browser'
import { consoleAt, signedInAt, signIn } from '../support/console'
import { acceptEdge, type RunningEdge, startEdge } from '../support/edge'
import { type RunningHub, startHub } from '../support/hub'
import { until } from '../support/processes'
import { counted, simulateFacilities } from '../support/simulated'
import { tabTo } from '../support/tab-to'

/** An operator with many facilities to look after. */
const MINUTES = 60_000
/** `FACILITIES=400` has as many as a ministry; letting each in takes a while. */
const FACILITIES = Number(process.env['FACILITIES'] ?? 40)
const browser = useBrowser()
let hub: RunningHub
let home: RunningEdge
let facilities: readonly PlannedFacility[]

beforeAll(async () => {
  hub = await startHub()
  facilities = await simulateFacilities(hub, FACILITIES, { silent: 1, waiting: 1 })
  home = await startEdge('101', hub.url)
  await acceptEdge(hub, home)
}, 6 * MINUTES)

afterAll(async () => {
  await home?.remove()
  await hub?.remove()
})

const theOne = (manner: PlannedFacility['manner']) => facilities.find((one) => one.manner === manner)?.name ?? ''

test(
  'the one that fell silent is found among many',
  async () => {
    const page = await signedInAt(browser, hub, '/today')
    const task = page.getByRole('region', { name: /1 facility is silent/ })
    await task.getByRole('link', { name: theOne('silent') }).waitFor()
    await task.getByRole('link', { name: 'Show them' }).click()
    await page.getByRole('heading', { name: 'Facilities' }).waitFor()
    await until('one is left', async () => (await page.locator('tbody tr').count()) === 1)
    await page
      .getByRole('row')
      .getByRole('link', { name: theOne('silent') })
      .click()
    await page.getByRole('heading', { name: theOne('silent') }).waitFor()
    await page.getByText('Silent', { exact: true }).waitFor()
  },
  2 * MINUTES,
)

test(
  'a budget that is changed arrives at the facility, and the one before can be brought back',
  async () => {
    const atTheEdge = async () => ((await home.ask('/app/budget')).body as BudgetUseReport).ministry
    const page = await signedInAt(browser, hub, '/facilities/node-101')
    await page.getByRole('region', { name: 'Configuration' }).getByRole('button', { name: 'Change' }).click()
    const form = page.getByRole('dialog')
    await form.getByLabel('Speed at most').fill('64')
    await form.getByLabel('Data in a day at most').fill('20')
    await form.getByRole('button', { name: 'Save' }).click()
    await page.getByText('At most 64 kbit/s').waitFor()
    await until('the edge has it', async () => (await atTheEdge()).kilobitsPerSecond === 64, 3 * MINUTES)
    expect(await atTheEdge()).toMatchObject({ kilobitsPerSecond: 64, megabytesPerDay: 20 })
    await page.getByText('1 version before').click()
    await page.getByRole('button', { name: 'Bring back' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Bring back' }).click()
    await until('nothing limits it', async () => (await atTheEdge()).kilobitsPerSecond === undefined, 3 * MINUTES)
  },
  8 * MINUTES,
)

test(
  'a report says what was counted, as a chart, a table and a file',
  async () => {
    const from = new Date(Date.now() - 500 * 86_400_000).toISOString().slice(0, 10)
    const { rows } = (await counted(hub, `/operator/statistics/visits?by=district&from=${from}`)) as Statistics
    const page = await signedInAt(browser, hub, `/health?by=district&from=${from}`)
    await page.locator('.recharts-bar-rectangle').first().waitFor()
    const told = rows.filter(({ count }) => (count ?? 0) > 0)
    // Most are too few to be told.
    expect(told.length).toBeGreaterThan(0)
    for (const { district = '', count } of told) {
      const row = page
        .getByRole('row')
        .filter({ has: page.getByRole('cell', { name: district || 'No district told', exact: true }) })
      await row.getByText(new Intl.NumberFormat('en-GB').format(count ?? 0), { exact: true }).waitFor()
    }
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByText('CSV').click()])
    expect(download.suggestedFilename()).toBe('visits.csv')
    const [head, ...lines] = (await readFile(await download.path(), 'utf8')).trim().split(/\r?\n/)
    expect(head).toContain('district')
    expect(lines).toHaveLength(rows.length)
  },
  5 * MINUTES,
)

test(
  'public health counts a facility where the ministry says that it is',
  async () => {
    const page = await signedInAt(browser, hub, '/facilities/node-101')
    const facts = page.getByRole('region', { name: 'At a glance' })
    await facts.getByText('as the facility says').waitFor()
    await facts.getByRole('button', { name: 'Set the district' }).click()
    await page.getByRole('dialog').getByLabel('District').fill('Kepulauan Tanimbar')
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await facts.getByText('Kepulauan Tanimbar').waitFor()
    await page.getByText('101 · Kepulauan Tanimbar').waitFor()
    const visit = { resourceType: 'Encounter', status: 'finished', class: { code: 'AMB' } }
    const patient = { resourceType: 'Patient', name: [{ text: 'Sri' }] }
    const { id } = (await home.ask('/fhir/Patient', { method: 'POST', body: patient })).body as { id: string }
    const body = { ...visit, subject: { reference: `Patient/${id}` }, period: { start: new Date().toISOString() } }
    for (let each = 0; each < 6; each++) {
      expect((await home.ask('/fhir/Encounter', { method: 'POST', body })).status).toBe(201)
    }
    await home.synced()
    const told = async () => {
      const answer = await hub.operator('/operator/statistics/visits?by=district,week&facility=101')
      return (answer.body as Partial<Statistics>).rows?.some(
        ({ district, count }) => district === 'Kepulauan Tanimbar' && count === 6,
      )
    }
    await until('it is counted there', async () => (await told()) === true, 3 * MINUTES)
    await page.goto(`${hub.url}/console/health?by=district&weekly=1&facility=101`)
    const row = page.getByRole('row', { name: /Kepulauan Tanimbar/ })
    await row.getByRole('cell', { name: '6', exact: true }).waitFor()
    expect(await row.getByRole('cell').count()).toBe(12)
  },
  5 * MINUTES,
)

test(
  'a record is read for a purpose, and the audit says who read it',
  async () => {
    const patient = { resourceType: 'Patient', name: [{ text: 'Sri Lestari' }], birthDate: '1980-05-12' }
    const mrn = ((await home.ask('/fhir/Patient', { method: 'POST', body: patient })).body as { id: string }).id
    await home.synced()
    const page = await signedInAt(browser, hub, '/records')
    await page.getByLabel('Record number (MRN)').fill(mrn)
    expect(await page.getByRole('button', { name: 'Read the record' }).isDisabled()).toBe(true)
    await page.getByRole('combobox', { name: 'Purpose' }).click()
    await page.getByRole('option', { name: 'the patient asked for it' }).click()
    await page.getByRole('button', { name: 'Read the record' }).click()
    await page.getByRole('article', { name: `Sri Lestari, ${mrn}` }).waitFor()
    const { entries } = (await hub.operator(`/operator/audit?mrn=${mrn}`)).body as AuditList
    expect(entries).toContainEqual(expect.objectContaining({ operator: 'operator', purpose: 'PATRQT' }))
  },
  3 * MINUTES,
)

test(
  'what a rule refused is sent again at every facility, once the rule is another',
  async () => {
    const rule = "function (doc) { if (doc.type === 'Location') throw({ forbidden: 'No locations today.' }) }"
    const path = '/ehr/_design/no-locations'
    const made = await hub.couch(path, { method: 'PUT', body: { language: 'javascript', validate_doc_update: rule } })
    await home.ask('/fhir/Location', { method: 'POST', body: { resourceType: 'Location', name: 'Room 1' } })
    const refused = async () => ((await home.ask('/refused')).body as RefusedList).refused.length
    await until('it is refused', async () => (await refused()) === 1, 2 * MINUTES)
    const { rev } = made.body as { rev: string }
    expect((await hub.couch(`${path}?rev=${rev}`, { method: 'DELETE' })).status).toBe(200)

    const page = await signedInAt(browser, hub, '/refused')
    const row = page
      .getByRole('row')
      .filter({ has: page.getByRole('button', { name: 'No locations today.', exact: true }) })
    await row.getByRole('button', { name: 'Send again everywhere' }).click()
    const question = page.getByRole('dialog', { name: 'Let 1 facility send them again?' })
    await question.getByText('“No locations today.”. With its next question').waitFor()
    await question.getByRole('button', { name: 'Send again' }).click()
    await question.waitFor({ state: 'detached' })
    await until('the edge has sent it again', async () => (await refused()) === 0, 6 * MINUTES)
    await page.getByRole('button', { name: 'No locations today.', exact: true }).waitFor({ state: 'detached' })
  },
  9 * MINUTES,
)

test(
  'a rule of the alerts is changed, and one of them switched off',
  async () => {
    const page = await signedInAt(browser, hub, '/alerts')
    await page.getByRole('region', { name: 'Rules' }).getByRole('button', { name: 'Change' }).click()
    const form = page.getByRole('dialog')
    await form.getByLabel('A facility is silent for more than').fill('12')
    await form.getByLabel('A facility’s disk has less free than').fill('')
    await form.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('region', { name: 'Rules' }).getByText('12 hours', { exact: true }).waitFor()
    const { rules } = (await hub.operator('/operator/alert-settings')).body as AlertSettings
    expect(rules).toMatchObject({ 'node-silent': 12, 'disk-low': null, 'clock-wrong': 300 })
  },
  2 * MINUTES,
)

test(
  'who has set up a second factor signs in with its code, and not without',
  async () => {
    const who = { name: 'siti.rahayu', password: 'four words go together' }
    await hub.operator('/operator/operators', { method: 'POST', body: { ...who, role: 'viewer' } })
    const page = await signedInAt(browser, hub, '/account', who)
    const factor = page.getByRole('region', { name: 'Second factor' })
    await factor.getByLabel('Present password').fill(who.password)
    await factor.getByRole('button', { name: 'Set it up' }).click()
    const secret = (await factor.locator('code').textContent())?.replaceAll(' ', '') ?? ''
    const codeIn = (ms: number) =>
      new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + ms })
    await factor.getByLabel('The code that it shows now').fill(codeIn(0))
    await factor.getByRole('button', { name: 'Switch it on' }).click()
    await factor.getByText('Your second factor is on').waitFor()

    const again = await consoleAt(browser, hub, '/today')
    await signIn(again, who)
    await again.getByRole('alert').waitFor()
    // A code counts once: this is the next one, which counts already.
    await signIn(again, { ...who, totp: codeIn(30_000) })
    await again.getByRole('heading', { name: 'Today' }).waitFor()
  },
  2 * MINUTES,
)

test(
  'with the keyboard alone: signing in, and a registration accepted',
  async () => {
    const { registrations } = (await hub.operator('/operator/registrations?status=pending')).body as RegistrationList
    expect(registrations.map(({ name }) => name)).toEqual([theOne('waiting')])
    const page = await consoleAt(browser, hub, '/registrations')
    const { keyboard } = page
    await page.getByRole('textbox', { name: 'Name' }).waitFor()
    await keyboard.type('operator')
    await tabTo(page, /^Password$/)
    await keyboard.type(hub.operatorPassword)
    await keyboard.press('Enter')
    await page.getByRole('article', { name: theOne('waiting') }).waitFor()
    await tabTo(page, /^Accept$/)
    await keyboard.press('Enter')
    await page.getByLabel('The code that they read out').waitFor()
    await keyboard.type(registrations[0]?.pairingCode ?? '')
    await keyboard.press('Enter')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    const left = async () =>
      ((await hub.operator('/operator/registrations?status=pending')).body as RegistrationList).registrations
    expect(await left()).toEqual([])
  },
  2 * MINUTES,
)
