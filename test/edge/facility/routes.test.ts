import type { About, BudgetUseReport } from '../../../schemas/generated/types'
import { isAbout, isBudgetUseReport } from '../../../schemas/generated/validators'
import { type RunningEdge, startEdge } from '../../support/edge'
import { Browser, PASSWORDS } from '../people/signed-in'

let edge: RunningEdge
let siti: Browser
let rina: Browser

beforeAll(async () => {
  edge = await startEdge('101', 'http://127.0.0.1:9', { EDGE_BUDGET_MB_DAY: '40' })
  siti = new Browser(edge.url)
  rina = new Browser(edge.url)
  await siti.addPerson('siti', 'admin')
  await siti.addPerson('rina', 'clinician')
  await rina.signIn('rina', PASSWORDS.rina)
}, 60_000)
afterAll(() => edge?.remove())

const budget = async () => (await rina.ask('/app/budget')).body as BudgetUseReport
const keep = (browser: Browser, body: unknown) => browser.ask('/app/budget', { method: 'PUT', body })

test.each<[string, () => Browser, unknown, number]>([
  ['a clinician', () => rina, { hours: '22-06' }, 403],
  ['no budget', () => siti, { megabytesPerDay: 0 }, 400],
  ['what nobody knows', () => siti, { minutes: 5 }, 400],
])('a budget of %s is refused', async (_what, who, body, status) => {
  expect((await keep(who(), body)).status).toBe(status)
  expect((await budget()).facility).toEqual({})
})

test('the facility’s own budget is kept over a restart, beside those of others', async () => {
  expect(isBudgetUseReport(await budget())).toBe(true)
  expect((await keep(siti, { hours: '22-06', megabytesPerDay: 20 })).status).toBe(200)
  await edge.kill()
  await edge.start()
  expect(await budget()).toMatchObject({
    facility: { hours: '22-06', megabytesPerDay: 20 },
    ministry: {},
    settings: { megabytesPerDay: 40 },
  })
  expect((await keep(siti, {})).body).toMatchObject({ facility: {} })
})

test('says which program this is and how much room is left, to whoever is signed in', async () => {
  const about = (await rina.ask('/app/about')).body as About
  expect(isAbout(about)).toBe(true)
  expect(about).toMatchObject({ externalId: '101', hubUrl: 'http://127.0.0.1:9', dataFolder: edge.dataFolder })
  expect(about.freeBytes).toBeGreaterThan(0)
  expect(about).not.toHaveProperty('certificate')
})

test('only an admin makes backups and fetches them; what is refused is read in pages', async () => {
  for (const path of ['/app/backups', '/app/backups/downloads/c2FsdHNhbHRzYWx0c2FsdA'])
    expect((await rina.ask(path)).status).toBe(403)
  const passphrase = 'empat kuda di pantai selatan'
  expect((await rina.ask('/app/backups/downloads', { method: 'POST', body: { passphrase } })).status).toBe(403)
  expect((await rina.ask('/refused?limit=2')).body).toEqual({ refused: [] })
  expect((await rina.ask('/refused?limit=0')).status).toBe(400)
})
