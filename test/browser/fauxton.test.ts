import { askJson, basic } from '../support/ask'
import { useBrowser } from '../support/browser'
import { type RunningHub, startHub } from '../support/hub'
import { registerNode } from '../support/node'
import { firstRevision, location } from '../support/records'

/** Fauxton comes with the embedded store; a CouchDB of its own has its own. */
const embedded = process.env['COUCHDB_URL'] ? describe.skip : describe
const DATABASES = ['_users', 'audit', 'ehr', 'node_security', 'nodes']

embedded('Fauxton, for looking inside', () => {
  const browser = useBrowser()
  let hub: RunningHub

  beforeAll(async () => {
    hub = await startHub()
    const { nodeName, syncPassword } = await registerNode(hub, '101')
    const docs = [firstRevision(location('101', 'poli', 'Poli umum Saumlaki'), 'a'.repeat(32))]
    const pushed = await askJson(`${hub.url}/sync/ehr/_bulk_docs`, basic(nodeName, syncPassword), {
      method: 'POST',
      body: { new_edits: false, docs },
    })
    expect(pushed.status).toBe(201)
  }, 120_000)
  afterAll(() => hub?.remove())

  test('shows nobody a database who has not signed in', async () => {
    const { page, expectFault } = await browser.open(`${hub.couchUrl}/_utils/#/_all_dbs`)
    expectFault(/status of 40[13]/)
    await page.getByText('Log In to CouchDB').waitFor()
    expect((await askJson(`${hub.couchUrl}/_all_dbs`, undefined)).status).toBe(401)
  })

  test('an administrator signs in, sees the databases and opens a record', async () => {
    const { page, expectFault } = await browser.open(`${hub.couchUrl}/_utils/`)
    expectFault(/status of 40[134]/)
    const [, password = ''] = Buffer.from(hub.couchAuthorization.slice('Basic '.length), 'base64').toString().split(':')
    await page.locator('#username').fill('admin')
    await page.locator('#password').fill(password)
    await page.getByRole('button', { name: 'Log In' }).click()
    for (const name of DATABASES) await page.getByRole('link', { name, exact: true }).waitFor()
    await page.getByRole('link', { name: 'ehr', exact: true }).click()
    await page.locator('a[href*="poli"]').first().click()
    await page.getByText('"name": "Poli umum Saumlaki"').waitFor()
  })
})
