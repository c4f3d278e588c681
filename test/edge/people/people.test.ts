import { readFile, stat } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { isAppSession, isAppTokenMade, isPersonList } from '../../../schemas/generated/validators'
import { askJson } from '../../support/ask'
import { lontar } from '../../support/command'
import { type RunningEdge, startEdge } from '../../support/edge'
import { Browser, PASSWORDS } from './signed-in'

/** Nothing listens there: the edge works without its hub. */
const HUB_URL = 'http://127.0.0.1:9'
const PATIENT = { resourceType: 'Patient', name: [{ family: 'Wijaya' }] }

let edge: RunningEdge
let admin: Browser
let clinician: Browser
let registrar: Browser

beforeAll(async () => {
  edge = await startEdge('101', HUB_URL, { EDGE_LOG_LEVEL: 'debug' })
  admin = new Browser(edge.url)
  expect((await edge.ask('/app/session')).body).toMatchObject({ stage: 'open', facility: { externalId: '101' } })
  expect((await new Browser(edge.url).addPerson('budi', 'registrar')).body).toMatchObject({ error: 'LAST_ADMIN' })
  expect((await admin.addPerson('siti', 'admin')).status).toBe(201)
  expect((await admin.addPerson('budi', 'clinician')).status).toBe(201)
  expect((await admin.addPerson('rina', 'registrar')).status).toBe(201)
  clinician = new Browser(edge.url)
  registrar = new Browser(edge.url)
  expect((await clinician.signIn('budi', PASSWORDS.budi)).status).toBe(200)
  expect((await registrar.signIn('rina', PASSWORDS.rina)).status).toBe(200)
})
afterAll(() => edge.remove())

describe('from the first account on', () => {
  test.each([
    '/status',
    '/status/stream',
    '/app/changes',
    '/refused',
    '/imports',
    '/fhir/Patient',
    '/fhir/metadata',
    '/app/people',
    '/x',
  ])('%s is refused without a session, and asks for no password window', async (path) => {
    const { status, headers } = await edge.ask(path)
    expect(status).toBe(401)
    expect(headers.get('www-authenticate')).toBe('Bearer realm="lontar"')
  })

  test.each(['/healthz', '/readyz', '/openapi.json', '/app/session', '/', '/patients/10100000018', '/sign-in'])(
    '%s holds no data, and is for anybody',
    async (path) => expect((await edge.ask(path)).status).toBe(200),
  )

  test('a name is given once, and a weak password is not taken', async () => {
    expect((await admin.addPerson('budi', 'admin')).body).toMatchObject({ error: 'PERSON_EXISTS' })
    for (const password of ['kort', 'passwordpassword', 'dewi123456', 'aaaaaaaaaaaa']) {
      const body = { name: 'dewi', fullName: 'Dewi', role: 'admin', password }
      expect((await admin.ask('/app/people', { method: 'POST', body })).body).toMatchObject({ error: 'PASSWORD_WEAK' })
    }
  })

  test('the last admin can neither be shut out nor made less', async () => {
    for (const body of [{ isDisabled: true }, { role: 'clinician' }])
      expect((await admin.ask('/app/people/siti', { method: 'PUT', body })).body).toMatchObject({ error: 'LAST_ADMIN' })
  })
})

describe('an attack', () => {
  test('a session that the visitor brought along is never the one that begins (fixation)', async () => {
    const planted = `lontar-edge=${'A'.repeat(43)}`
    const victim = new Browser(edge.url)
    victim.cookie = planted
    await victim.signIn('rina', PASSWORDS.rina)
    expect(victim.cookie).not.toBe(planted)
    expect((await edge.ask('/status', { headers: { cookie: planted } })).status).toBe(401)
    expect((await edge.ask('/status', { headers: { cookie: `${victim.cookie}; ${planted}` } })).status).toBe(401)
    const before = victim.cookie
    await victim.signIn('rina', PASSWORDS.rina)
    expect((await edge.ask('/status', { headers: { cookie: before } })).status).toBe(401)
  })

  test('the cookie is for no script and no other site', async () => {
    const answer = await new Browser(edge.url).signIn('rina', PASSWORDS.rina)
    const [cookie] = answer.headers.getSetCookie()
    expect(cookie).toMatch(/^lontar-edge=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  test.each(['', 'x', 'A'.repeat(43)])(
    'a change with the CSRF token “%s” is refused, and nothing is written',
    async (token) => {
      const asked = { method: 'POST', body: PATIENT, headers: { 'x-csrf-token': token } }
      expect((await clinician.ask('/fhir/Patient', asked)).status).toBe(403)
      expect(
        (await clinician.ask('/app/session', { method: 'DELETE', headers: { 'x-csrf-token': token } })).status,
      ).toBe(403)
      expect((await clinician.ask('/fhir/Patient')).body).toMatchObject({ total: 0 })
    },
  )

  test("another's CSRF token is none", async () => {
    const headers = { 'x-csrf-token': registrar.csrfToken }
    expect((await clinician.ask('/fhir/Patient', { method: 'POST', body: PATIENT, headers })).status).toBe(403)
  })

  test.each(['https://evil.example', 'null', 'http://localhost:3000'])(
    'a page of %s signs nobody in',
    async (origin) => {
      const body = { name: 'siti', password: PASSWORDS.siti }
      expect((await edge.ask('/app/session', { method: 'POST', body, headers: { origin } })).status).toBe(403)
    },
  )

  test.each(['evil.example', '127.0.0.1.evil.example', '192.168.1.5'])(
    'a name that a foreign site points here, “%s”, is not answered',
    async (host) => {
      const status = await new Promise((done, failed) => {
        const asking = request(`${edge.url}/app/session`, { headers: { host } }, (response) => {
          response.resume()
          done(response.statusCode)
        })
        asking.once('error', failed).end()
      })
      expect(status).toBe(403)
    },
  )

  test('guessing ends after a few, also for the right password, and says nothing of who there is', async () => {
    await admin.ask('/app/people', {
      method: 'POST',
      body: { name: 'guessed', fullName: 'Guessed', role: 'registrar', password: 'tujuh ayam di ladang' },
    })
    const browser = new Browser(edge.url)
    for (const name of ['guessed', 'nobody']) {
      const answers = []
      for (let index = 0; index < 6; index++) answers.push(await browser.signIn(name, `salah ${index}`))
      expect(answers.map(({ status, body }) => [status, (body as { error: string }).error])).toEqual(
        Array(6).fill([401, 'UNAUTHENTICATED']),
      )
    }
    const locked = await browser.signIn('guessed', 'tujuh ayam di ladang')
    expect([locked.status, locked.body]).toEqual([401, expect.objectContaining({ error: 'LOCKED' })])
    expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await browser.signIn('nobody', 'x')).body).toMatchObject({ error: 'LOCKED' })
    // An admin's new password lets in at once.
    await admin.ask('/app/people/guessed', { method: 'PUT', body: { password: 'delapan kambing di bukit' } })
    expect((await browser.signIn('guessed', 'delapan kambing di bukit')).status).toBe(200)
    // Each password costs a slow hash.
  }, 120_000)

  test('no password, name or token is in the log', () => {
    expect(edge.output()).not.toMatch(/kuda|sapi|itik|lontar_local|Rahayu/)
  })
})

describe('a role', () => {
  test('registration sees no clinical record, by whatever way', async () => {
    const made = await registrar.ask('/fhir/Patient', { method: 'POST', body: PATIENT })
    expect(made.status).toBe(201)
    const { id } = made.body as { id: string }
    const observation = {
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'x' },
      subject: { reference: `Patient/${id}` },
    }
    for (const path of [
      `/fhir/Observation?patient=${id}`,
      `/fhir/Patient/${id}/$everything`,
      '/imports',
      '/app/people',
    ])
      expect([path, (await registrar.ask(path)).status]).toEqual([path, 403])
    for (const path of ['/fhir/Observation', '/imports', '/load', '/app/people', '/app/tokens'])
      expect([path, (await registrar.ask(path, { method: 'POST', body: observation })).status]).toEqual([path, 403])
    const bundle = (type: string, entry: object[]) =>
      registrar.ask('/fhir', { method: 'POST', body: { resourceType: 'Bundle', type, entry } })
    const entries = [
      { resource: observation, request: { method: 'POST', url: 'Observation' } },
      { request: { method: 'GET', url: `Observation?patient=${id}` } },
      { request: { method: 'GET', url: `${edge.url}/fhir/Patient/${id}/$everything` } },
    ]
    const answer = await bundle('batch', entries)
    const statuses = (answer.body as { entry: { response: { status: string } }[] }).entry.map(
      (one) => one.response.status,
    )
    expect(statuses).toEqual(['403 Forbidden', '403 Forbidden', '403 Forbidden'])
    expect((await bundle('transaction', entries.slice(0, 1))).status).toBe(403)
    expect((await clinician.ask(`/fhir/Observation?patient=${id}`)).body).toMatchObject({ total: 0 })
  })

  test('that is taken away is gone with the next request', async () => {
    const browser = new Browser(edge.url)
    const body = { name: 'dian', fullName: 'Dian', role: 'clinician', password: 'sembilan rusa di hutan' }
    await admin.ask('/app/people', { method: 'POST', body })
    await browser.signIn('dian', body.password)
    expect((await browser.ask('/imports')).status).toBe(200)
    await admin.ask('/app/people/dian', { method: 'PUT', body: { role: 'registrar' } })
    expect((await browser.ask('/imports')).status).toBe(401)
    await browser.signIn('dian', body.password)
    expect((await browser.ask('/imports')).status).toBe(403)
    await admin.ask('/app/people/dian', { method: 'PUT', body: { isDisabled: true } })
    expect((await browser.ask('/status')).status).toBe(401)
    expect((await browser.signIn('dian', body.password)).status).toBe(401)
    const { body: list } = await admin.ask('/app/people')
    expect(isPersonList(list) && JSON.stringify(list)).not.toMatch(/hash|salt|stamp/)
  })
})

describe('who wrote what', () => {
  const author = async (browser: Browser) =>
    ((await browser.ask('/app/session')).body as { person: { practitioner: string } }).person.practitioner

  test('stands in the element that the type has for it, else in a Provenance of the same transaction', async () => {
    const reference = await author(clinician)
    expect((await clinician.ask(`/fhir/${reference}`)).body).toMatchObject({ name: [{ text: 'budi Rahayu' }] })
    const answer = await clinician.ask('/fhir', {
      method: 'POST',
      body: {
        resourceType: 'Bundle',
        type: 'transaction',
        entry: [
          { fullUrl: 'urn:uuid:p', resource: PATIENT, request: { method: 'POST', url: 'Patient' } },
          {
            resource: {
              resourceType: 'Condition',
              code: { text: 'flu' },
              subject: { reference: 'urn:uuid:p' },
            },
            request: { method: 'POST', url: 'Condition' },
          },
        ],
      },
      headers: { prefer: 'return=representation' },
    })
    const entries = (answer.body as { entry: { resource: { id: string; recorder?: object } }[] }).entry
    expect(entries.map(({ resource }) => resource.recorder)).toEqual([undefined, { reference, display: 'budi Rahayu' }])
    const mrn = entries[0]?.resource.id
    const provenances = await clinician.ask(`/fhir/Provenance?patient=${mrn}`)
    expect(provenances.body).toMatchObject({
      total: 1,
      entry: [
        {
          resource: {
            target: [{ reference: `Patient/${mrn}` }],
            activity: { coding: [{ code: 'CREATE' }] },
            agent: [{ who: { reference } }],
          },
        },
      ],
    })
    const condition = entries[1]?.resource
    await admin.ask(`/fhir/Condition/${condition?.id}`, {
      method: 'PUT',
      body: { ...condition, code: { text: 'influenza' } },
    })
    const after = (await clinician.ask(`/fhir/Provenance?patient=${mrn}`)).body as { entry: { resource: object }[] }
    expect(JSON.stringify(after.entry)).toContain(await author(admin))
    expect(after.entry).toHaveLength(2)
  })

  test('stands in it too where it is put under an id that its maker chose, and its correction has a Provenance', async () => {
    const reference = await author(clinician)
    const { body: patient } = await clinician.ask('/fhir/Patient', { method: 'POST', body: PATIENT })
    const mrn = (patient as { id: string }).id
    const id = `${mrn}.01J9ZK3V5N8Q2W4E6R8T0Y1V3J`
    const put = (text: string) => ({
      resource: { resourceType: 'Condition', id, code: { text }, subject: { reference: `Patient/${mrn}` } },
      request: { method: 'PUT', url: `Condition/${id}` },
    })
    const send = (text: string, browser = clinician) =>
      browser.ask('/fhir', {
        method: 'POST',
        body: { resourceType: 'Bundle', type: 'transaction', entry: [put(text)] },
      })
    const told = async () =>
      (
        (await clinician.ask(`/fhir/Provenance?patient=${mrn}`)).body as { entry: { resource: { target: object[] } }[] }
      ).entry.filter(({ resource }) => JSON.stringify(resource.target).includes(id))
    expect((await send('flu')).status).toBe(200)
    expect((await clinician.ask(`/fhir/Condition/${id}`)).body).toMatchObject({ recorder: { reference } })
    expect(await told()).toHaveLength(0)
    // Sent once more, because an answer was lost: who wrote it stays.
    expect((await send('influenza')).status).toBe(200)
    expect(await told()).toHaveLength(1)
    expect((await clinician.ask(`/fhir/Condition/${id}`)).body).toMatchObject({
      code: { text: 'influenza' },
      recorder: { reference },
    })
    // Another person's version is what that person sent.
    expect((await send('batuk', admin)).status).toBe(200)
    expect((await clinician.ask(`/fhir/Condition/${id}`)).body).not.toHaveProperty('recorder')
    expect(await told()).toHaveLength(2)
  })

  test('a patient that a condition makes has a Provenance, and one that it finds gets none', async () => {
    const identifier = [{ system: 'urn:nik', value: '3201' }]
    const condition = { 'if-none-exist': 'identifier=urn:nik|3201' }
    const ask = () =>
      clinician.ask('/fhir/Patient', { method: 'POST', body: { ...PATIENT, identifier }, headers: condition })
    const made = await ask()
    const found = await ask()
    const { id } = made.body as { id: string }
    expect([made.status, found.status, (found.body as { id: string }).id]).toEqual([201, 200, id])
    expect((await clinician.ask(`/fhir/Provenance?patient=${id}`)).body).toMatchObject({
      total: 1,
      entry: [
        {
          resource: {
            target: [{ reference: `Patient/${id}` }],
            agent: [{ who: await author(clinician).then((reference) => ({ reference })) }],
          },
        },
      ],
    })
  })
})

describe('other programs', () => {
  test('a token does what its role says, until it is revoked', async () => {
    const { body: made } = await admin.ask('/app/tokens', { method: 'POST', body: { name: 'Lab', role: 'clinician' } })
    const { id, token } = isAppTokenMade(made) ? made : { id: '', token: '' }
    const headers = { authorization: `Bearer ${token}` }
    expect((await edge.ask('/fhir/Patient', { headers })).status).toBe(200)
    // No browser sends it by itself, so it needs no CSRF token.
    expect((await edge.ask('/fhir/Patient', { method: 'POST', body: PATIENT, headers })).status).toBe(201)
    expect((await edge.ask('/app/people', { headers })).status).toBe(403)
    for (const wrong of [`${token}x`, token.slice(0, -1), token.replace(id, '0'.repeat(26)), 'lontar', ''])
      expect((await edge.ask('/status', { headers: { authorization: `Bearer ${wrong}` } })).status).toBe(401)
    const list = JSON.stringify((await admin.ask('/app/tokens')).body)
    expect(list).toContain('Lab')
    expect(list).not.toMatch(/hash|lontar_/)
    expect((await admin.ask(`/app/tokens/${id}`, { method: 'DELETE' })).status).toBe(204)
    expect((await edge.ask('/fhir/Patient', { headers })).status).toBe(401)
  })

  test('the command line is let in by a file that nobody else may read', async () => {
    const file = join(edge.dataFolder, 'local-token')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await readFile(file, 'utf8')).trim()).toMatch(/^lontar_local_[\w-]{43}$/)
    const EDGE_URL = edge.url
    expect(await lontar(['edge', 'status'], { EDGE_URL, EDGE_DATA: edge.dataFolder })).toMatchObject({ code: 0 })
    const other = await lontar(['edge', 'status'], { EDGE_URL, EDGE_DATA: '/nowhere' })
    expect([other.code, other.err]).toEqual([1, expect.stringContaining('SIGNED_OUT')])
  })

  test('sessions and accounts outlive kill -9', async () => {
    await edge.kill()
    await edge.start()
    expect((await clinician.ask('/app/session')).body).toMatchObject({ stage: 'signed-in' })
    expect((await askJson(`${edge.url}/status`, undefined)).status).toBe(401)
    const { body } = await clinician.ask('/app/session', { method: 'DELETE' })
    expect(isAppSession(body) && body.stage).toBe('signed-out')
    expect((await clinician.ask('/status')).status).toBe(401)
  })
})
